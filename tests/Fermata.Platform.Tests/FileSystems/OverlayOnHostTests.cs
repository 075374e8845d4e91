namespace Fermata.Platform.Tests.FileSystems;

public sealed class OverlayOnHostTests : FileSystemTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override FileSystem Create() => new OverlayFileSystem(lower: new MemoryFileSystem(), upper: new HostFileSystem(_folder.Path));
}
