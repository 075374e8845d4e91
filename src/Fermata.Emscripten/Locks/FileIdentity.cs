using Fermata.Platform.FileSystems;

namespace Fermata.Emscripten.Locks;

/// <summary>What a file is the same by for all who have it open, through whatever file system they do (<see cref="FileStatus.Device"/>).</summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode)
{
    /// <summary>The identity of a file; null in a file system that tells none.</summary>
    public static FileIdentity? Of(FileStatus status) => (status.Device, status.Inode) == default ? null : new(status.Device, status.Inode);
}
