namespace Fermata.Platform.Tests.FileSystems;

/// <summary>A file system that a host wrote around a folder.</summary>
public sealed class YieldingOnHostTests : FileSystemTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override FileSystem Create() => new YieldingFileSystem(new HostFileSystem(_folder.Path));
}
