using Fermata.Platform.FileSystems;

namespace Fermata.Wasi;

/// <summary>A directory handle that several descriptors have, as those of <c>path_open</c> with <c>.</c> do. The last of them closes it.</summary>
internal sealed class SharedDirectory : IAsyncDisposable
{
    private readonly Owners _owners;
    private bool _isDisposed;

    public SharedDirectory(DirectoryHandle handle)
        : this(new Owners(handle))
    {
    }

    private SharedDirectory(Owners owners) => _owners = owners;

    public DirectoryHandle Handle => _owners.Handle;

    public SharedDirectory Share()
    {
        Interlocked.Increment(ref _owners.Count);
        return new SharedDirectory(_owners);
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true) || Interlocked.Decrement(ref _owners.Count) > 0)
            return default;
        return Handle.DisposeAsync();
    }

    private sealed class Owners(DirectoryHandle handle)
    {
        public int Count = 1;

        public DirectoryHandle Handle { get; } = handle;
    }
}
