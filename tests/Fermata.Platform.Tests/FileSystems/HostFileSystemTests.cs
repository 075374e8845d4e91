namespace Fermata.Platform.Tests.FileSystems;

public sealed class HostFileSystemTests : FileSystemTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override FileSystem Create() => new HostFileSystem(_folder.Path);

    public void Dispose() => _folder.Dispose();
}
