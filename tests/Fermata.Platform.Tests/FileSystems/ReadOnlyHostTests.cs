namespace Fermata.Platform.Tests.FileSystems;

public sealed class ReadOnlyHostTests : ReadOnlyFileSystemTests, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override async Task<FileSystem> Create()
    {
        await Fill(new HostFileSystem(_folder.Path));
        return new HostFileSystem(_folder.Path, isReadOnly: true);
    }
}
