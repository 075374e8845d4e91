using Fermata.Wasi;

namespace Fermata.Emscripten.Locks;

/// <summary>The locks of one program.</summary>
internal sealed class ProgramLocks : IDisposable
{
    private readonly LockOwner _program = new(isProgram: true);
    private readonly Dictionary<Descriptor, LockOwner> _opened = [];

    /// <summary>The owner of locks that belong to the program, whichever of its descriptors it sets them with.</summary>
    public LockOwner Program => _program;

    /// <summary>The owner of locks that belong to what was opened, and to all descriptors that share it; they go with the last of them.</summary>
    public LockOwner Of(Descriptor descriptor)
    {
        lock (_opened)
        {
            if (!_opened.TryGetValue(descriptor, out var owner))
            {
                _opened.Add(descriptor, owner = new LockOwner(isProgram: false));
                descriptor.Closing = () => Forget(descriptor, owner);
            }

            return owner;
        }
    }

    /// <summary>With any of its descriptors of a file that it closes, a program loses its locks in it (POSIX, <c>close</c>).</summary>
    public async ValueTask CloseAsync(Descriptor descriptor)
    {
        if (descriptor is not FileDescriptor || !LockTable.Process.Concerns(_program))
            return;
        var status = await descriptor.GetStatusAsync(CancellationToken.None).ConfigureAwait(false);
        if (status.TryGet(out var found) && FileIdentity.Of(found) is { } file)
            LockTable.Process.Release(file, _program);
    }

    public void Dispose() => LockTable.Process.Release(_program);

    private void Forget(Descriptor descriptor, LockOwner owner)
    {
        LockTable.Process.Release(owner);
        lock (_opened)
            _opened.Remove(descriptor);
    }
}
