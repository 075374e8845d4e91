namespace Fermata.Cli.Tests;

/// <summary>The modules that are measured are what their texts say.</summary>
public sealed class BenchModuleTests : IDisposable
{
    private readonly Folder _folder = new();

    public static TheoryData<string> Texts => [.. Directory.GetFiles(Modules, "*.wat").Select(Path.GetFileName).OfType<string>().Order()];

    private static string Modules => Path.Combine(RepositoryFolder.Path, "bench", "modules");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_assembles_to_the_module_beside_it(string text)
    {
        var path = Path.Combine(Modules, text);

        Assert.Equal(0, _folder.Run("wasm", path, "-o", _folder["assembled.wasm"]).ExitCode);

        Assert.Equal(File.ReadAllBytes(Path.ChangeExtension(path, ".wasm")), File.ReadAllBytes(_folder["assembled.wasm"]));
    }
}
