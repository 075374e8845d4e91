using Microsoft.Win32.SafeHandles;

namespace Fermata.Platform.FileSystems;

/// <summary>
/// Keeps the content of a large file while its last name is removed, so that not whoever removes it waits until the system has given all of it back, but a thread of the pool.
/// </summary>
internal readonly struct KeptFile : IDisposable
{
    private readonly SafeFileHandle? _handle;

    /// <param name="directory">The directory.</param>
    /// <param name="name">The name in it; nothing is kept if it stands for no large file, or not for its last name.</param>
    public KeptFile(SafeFileHandle directory, string name)
    {
        if (LinuxCalls.GetStatus(directory, name).TryGet(out var status)
            && status is { Kind: FileKind.File, LinkCount: 1, Length: > LongCall.ManyBytes }
            && LinuxCalls.OpenEntry(directory, name).TryGet(out var handle))
        {
            _handle = handle;
        }
    }

    public void Dispose()
    {
        if (_handle is not null)
            LongCall.Dispose(_handle);
    }
}
