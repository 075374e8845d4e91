namespace Fermata.Bench.Tests;

/// <summary>When the tool is published, and what becomes of it if it cannot be; <c>dotnet</c> is a function of the tests.</summary>
public sealed class PackedToolTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fermata-bench-tests-");
    private readonly List<string> _commands = [];
    private int _restored, _published;

    public PackedToolTests()
    {
        Write("Directory.Build.props", "<Project />");
        Write("src/Fermata/Structure/Type.cs", "class Type;");
        Write("src/Fermata/obj/Type.g.cs", "");
    }

    [Fact]
    public async Task It_is_published_once()
    {
        var first = await EnsureAsync();
        var second = await EnsureAsync();

        Assert.Equal(["restore", "publish"], _commands);
        Assert.Equal("published", await File.ReadAllTextAsync(first.Program));
        Assert.Equal(first.Program, second.Program);
        Assert.Null(first.Shortcoming);
    }

    [Theory]
    [InlineData("Directory.Build.props")]
    [InlineData("src/Fermata/Structure/Type.cs")]
    [InlineData("src/Fermata/Structure/Another.cs")]
    [InlineData("src/Another.targets")]
    public async Task It_is_published_anew_when_a_source_changes_and_takes_the_place_of_the_old_one(string source)
    {
        var before = await EnsureAsync();
        Write(source, "changed");
        var after = await EnsureAsync();

        Assert.Equal(["restore", "publish", "restore", "publish"], _commands);
        Assert.False(File.Exists(before.Program));
        Assert.True(File.Exists(after.Program));
    }

    [Fact]
    public async Task What_builds_leave_beside_the_sources_does_not_count()
    {
        await EnsureAsync();
        Write("src/Fermata/obj/Type.g.cs", "changed");
        Write("src/Fermata/bin/Type.dll", "");
        await EnsureAsync();

        Assert.Equal(["restore", "publish"], _commands);
    }

    [Fact]
    public async Task Without_packages_for_it_the_build_is_taken_and_that_is_told()
    {
        _restored = 1;

        var tool = await EnsureAsync();

        Assert.Equal(["restore"], _commands);
        Assert.Equal("the build", tool.Program);
        Assert.StartsWith("fermata as it is built, without machine code", tool.Shortcoming, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_publication_that_fails_is_told_and_leaves_nothing_that_could_be_taken_for_the_tool()
    {
        _published = 1;
        var exception = await Assert.ThrowsAsync<BenchException>(EnsureAsync);

        Assert.Matches(@"^fermata could not be published \(dotnet publish src/Fermata.Cli -c Release -r .*, exit code 1\):\nno space$", exception.Message);
        _published = 0;
        Assert.Equal("published", await File.ReadAllTextAsync((await EnsureAsync()).Program));
    }

    [Fact]
    public void What_is_not_ensured_is_not_started() =>
        Assert.Throws<InvalidOperationException>(() => new PackedTool("", "", "", _ => throw new NotSupportedException()).Program);

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<PackedTool> EnsureAsync()
    {
        var tool = new PackedTool(_folder.FullName, Path.Combine(_folder.FullName, "tool"), "the build", RunAsync);
        await tool.EnsureAsync();
        return tool;
    }

    private Task<(int ExitCode, string Output)> RunAsync(IReadOnlyList<string> arguments)
    {
        _commands.Add(arguments[0]);
        if (arguments[0] == "restore")
            return Task.FromResult((_restored, "no package"));
        Write(Path.Combine(arguments[^1], OperatingSystem.IsWindows() ? "Fermata.Cli.exe" : "Fermata.Cli"), "published");
        return Task.FromResult((_published, "no space\n"));
    }

    private void Write(string path, string content)
    {
        path = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }
}
