namespace Fermata.Python.Tests.Packages;

/// <summary>Packages from wheels.</summary>
public sealed class WheelTests : IDisposable
{
    private const int SymbolicLink = 0xa1ff;

    private readonly string _folder = Directory.CreateTempSubdirectory("fermata-wheels").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NpmFact]
    public async Task CodeImportsThemAndKnowsWhatTheyAre()
    {
        new Wheel("greet_me-1.2-py3-none-any.whl")
            .With("greet_me/__init__.py", "from pyodide.ffi import run_sync\ndef greet(): return run_sync(__import__('host').name()) + PUNCTUATION\nfrom .marks import PUNCTUATION")
            .With("greet_me/marks.py", "PUNCTUATION = '!'")
            .With("greet_me/a \"b\", c.txt", "text")
            .With("greet_me-1.2.data/purelib/beside.py", "value = 7")
            .With("greet_me-1.2.data/scripts/greet", "#!python")
            .With("greet_me-1.2.dist-info/entry_points.txt", "[console_scripts]\ngreet = greet_me:greet\n")
            .WriteTo(_folder);
        new Wheel("other-0.1-py2.py3-none-any.whl").With("other.py", "import greet_me").WriteTo(_folder);
        var packages = await PythonPackages.LoadAsync([_folder]);
        Assert.Equal(["greet-me 1.2", "other 0.1"], packages.Names);
        // The second one begins with the image of the first.
        for (var round = 0; round < 2; round++)
        {
            await using var python = await Interpreters.StartAsync(new PythonHost().WithPackages(packages).Expose("name", async () =>
            {
                await Task.Yield();
                return "somebody";
            }));
            Assert.Equal("somebody!", await python.EvaluateAsync<string>("import greet_me, other, beside\ngreet_me.greet()"));
            Assert.Equal("1.2 Of a test", python.Evaluate<string>("import importlib.metadata as m\nm.version('Greet.Me') + ' ' + m.metadata('greet_me')['Summary']"));
            Assert.Equal("greet_me:greet", python.Evaluate<string>("m.entry_points(name='greet')['greet'].value"));
            Assert.Equal("text", python.Evaluate<string>("import importlib.resources\nimportlib.resources.files('greet_me').joinpath('a \"b\", c.txt').read_text()"));
            Assert.Equal(["beside.py", "greet_me", "greet_me-1.2.dist-info", "other-0.1.dist-info", "other.py"], python.Evaluate<string[]>($"import os\nsorted(os.listdir('{PythonPackages.Folder}'))"));
            Assert.Equal("OSError", Assert.Throws<PythonException>(() => python.Run("open(greet_me.__file__, 'w')")).Type);
        }

        await using var without = await Interpreters.StartAsync();
        Assert.Equal("ModuleNotFoundError", Assert.Throws<PythonException>(() => without.Run("import greet_me")).Type);
    }

    public static TheoryData<string> Hostile => [.. HostileWheels.Keys];

    /// <summary>Wheels that are refused, by what is said of them.</summary>
    private static readonly Dictionary<string, Wheel> HostileWheels = new()
    {
        ["leads out by '..'"] = Usual().With("a/../../x.py", ""),
        ["has an absolute path"] = Usual().With("/x.py", ""),
        ["'x.py' is a link"] = Usual().With("x.py", "/etc/passwd"u8.ToArray(), SymbolicLink),
        ["needs 'x.py' to be a directory"] = Usual().With("x.py", "").With("x.py/y.py", ""),
        ["more bytes than ArchiveOptions.MaxBytes allows"] = Usual().With("x.py", new byte[2 << 20]),
        ["ArchiveOptions.MaxEntries allows"] = Enumerable.Range(0, 200).Aggregate(Usual(), (wheel, number) => wheel.With($"x{number}.py", "")),
        ["'x.py' is not what the wheel's RECORD says"] = (Usual() with { Record = record => record.Replace("x.py,sha256=", "x.py,sha256=x", StringComparison.Ordinal) }).With("x.py", ""),
        ["'y.py' is not what the wheel's RECORD says"] = (Usual() with { Record = record => record.Replace("y.py", "z.py", StringComparison.Ordinal) }).With("y.py", ""),
        ["'z.py' is not what the wheel's RECORD says"] = (Usual() with { Record = record => record.Replace("sha256=", "md5=", StringComparison.Ordinal) }).With("z.py", ""),
        ["has no pack-1.0.dist-info/RECORD"] = Usual() with { Record = _ => null },
        ["has no folder pack-1.0.dist-info"] = Usual() with { Info = "other-1.0.dist-info" },
        ["or several of that kind"] = Usual().With("other-1.0.dist-info/METADATA", ""),
        ["not what a wheel is called"] = new Wheel("pack-1.0.whl"),
        ["for another Python or platform (cp314-cp314-manylinux_2_17_x86_64)"] = new Wheel("pack-1.0-cp314-cp314-manylinux_2_17_x86_64.whl"),
        ["for another Python or platform (cp313-cp313-pyemscripten_2026_0_wasm32)"] = new Wheel("pack-1.0-cp313-cp313-pyemscripten_2026_0_wasm32.whl"),
        ["for another Python or platform (py2-none-any)"] = new Wheel("pack-1.0-py2-none-any.whl"),
        ["for another Python or platform (py315-none-any)"] = new Wheel("pack-1.0-py315-none-any.whl"),
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task WhatIsHostileOrDoesNotFitIsRefused(string problem)
    {
        var path = HostileWheels[problem].WriteTo(_folder);
        var exception = await Record.ExceptionAsync(() => PythonPackages.LoadAsync([path], new ArchiveOptions { MaxBytes = 1 << 20, MaxEntries = 100 }));
        Assert.True(exception is InvalidDataException or NotSupportedException, $"{exception}");
        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WheelsThatDoNotGoTogetherAreRefused()
    {
        string[] first = [Usual().With("x.py", "1").WriteTo(_folder)];
        Assert.Contains("another wheel has a different 'x.py'", await ProblemOfAsync([.. first, new Wheel("second-1.0-py3-none-any.whl").With("x.py", "2").WriteTo(_folder)]), StringComparison.Ordinal);
        Assert.Contains("'x.py/y.py' does not fit", await ProblemOfAsync([.. first, new Wheel("third-1.0-py3-none-any.whl").With("x.py/y.py", "2").WriteTo(_folder)]), StringComparison.Ordinal);
        Assert.Contains("two wheels of pack", await ProblemOfAsync([.. first, new Wheel("Pack-2.0-py3-none-any.whl").WriteTo(_folder)]), StringComparison.Ordinal);
        var same = await PythonPackages.LoadAsync([.. first, new Wheel("fourth-1.0-cp39-abi3-pyemscripten_2026_0_wasm32.whl").With("x.py", "1").WriteTo(_folder)]);
        Assert.Equal(["fourth 1.0", "pack 1.0"], same.Names);
    }

    [Fact]
    public async Task DamagedFilesAndMissingOnesAreTold()
    {
        var path = Usual().With("x.py", new string('x', 10_000)).WriteTo(_folder);
        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..^100]);
        Assert.Contains("is no zip archive, or is damaged", await ProblemOfAsync([path]), StringComparison.Ordinal);
        await Assert.ThrowsAsync<FileNotFoundException>(() => PythonPackages.LoadAsync([Path.Combine(_folder, "nothing")]));
        await Assert.ThrowsAsync<FileNotFoundException>(() => PythonPackages.LoadAsync([Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName]));
    }

    private static async Task<string> ProblemOfAsync(string[] paths) => (await Assert.ThrowsAsync<InvalidDataException>(() => PythonPackages.LoadAsync(paths))).Message;

    private static Wheel Usual() => new("pack-1.0-py3-none-any.whl");
}
