namespace Fermata.Platform.Tests.FileSystems;

/// <summary>A directory of a file system in which another is mounted elsewhere does what it does without.</summary>
public sealed class MountedDirectoryTests : FileSystemTests
{
    protected override FileSystem Create()
    {
        var files = new MemoryFileSystem();
        files.AddDirectory("d");
        return new Subdirectory(new MountFileSystem(files, ("/elsewhere", new MemoryFileSystem())), "d");
    }

    /// <summary>A directory of a file system as one of its own.</summary>
    private sealed class Subdirectory(FileSystem fileSystem, string name) : FileSystem
    {
        public override async ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default)
        {
            await using var root = await fileSystem.OpenRootAsync(cancellationToken).Get();
            return await root.OpenDirectoryAsync(name, cancellationToken);
        }
    }
}
