namespace Fermata.Wasi.Tests;

/// <summary>A folder of its own for a test, which is deleted afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fermata-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
