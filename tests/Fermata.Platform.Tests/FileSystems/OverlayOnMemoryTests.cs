namespace Fermata.Platform.Tests.FileSystems;

public sealed class OverlayOnMemoryTests : FileSystemTests
{
    protected override FileSystem Create() => new OverlayFileSystem(new MemoryFileSystem(), new MemoryFileSystem());
}
