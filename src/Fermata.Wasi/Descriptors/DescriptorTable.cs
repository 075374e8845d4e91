using System.Diagnostics.CodeAnalysis;
using Fermata.Platform;

namespace Fermata.Wasi;

/// <summary>The file descriptors of a program. Threads of it share one.</summary>
internal sealed class DescriptorTable(int mostDescriptors) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Descriptor?> _descriptors = [];

    /// <summary>All below this are taken.</summary>
    private int _lowestFree;

    private bool _isDisposed;

    /// <summary>Gives a descriptor the lowest number that is free.</summary>
    /// <returns>The number; <see cref="Errno.EMFILE"/> if there are too many, and the descriptor is still the caller's.</returns>
    public Result<int> Add(Descriptor descriptor)
    {
        lock (_lock)
        {
            if (_isDisposed)
                return Errno.EBADF;
            while (_lowestFree < _descriptors.Count && _descriptors[_lowestFree] is not null)
                _lowestFree++;
            if (_lowestFree >= mostDescriptors)
                return Errno.EMFILE;
            if (_lowestFree == _descriptors.Count)
                _descriptors.Add(descriptor);
            else
                _descriptors[_lowestFree] = descriptor;
            return _lowestFree++;
        }
    }

    /// <summary>Finds a descriptor for a use, which whoever asked ends with <see cref="Descriptor.ReleaseAsync"/>.</summary>
    /// <returns><see cref="Errno.EBADF"/> if the number stands for none, <see cref="Errno.ENOTCAPABLE"/> if it lacks a right.</returns>
    public Errno Use(int number, Rights rights, out Descriptor descriptor)
    {
        lock (_lock)
        {
            if (!TryGet(number, out descriptor!))
                return Errno.EBADF;
            if ((descriptor.Rights & rights) != rights)
                return Errno.ENOTCAPABLE;
            return descriptor.TryUse() ? Errno.None : Errno.EBADF;
        }
    }

    /// <summary>Finds a descriptor for something that is done at once.</summary>
    /// <returns><see cref="Errno.EBADF"/> if the number stands for none, <see cref="Errno.ENOTCAPABLE"/> if it lacks a right.</returns>
    public Errno Peek(int number, Rights rights, out Descriptor descriptor)
    {
        lock (_lock)
            return !TryGet(number, out descriptor!) ? Errno.EBADF : (descriptor.Rights & rights) == rights ? Errno.None : Errno.ENOTCAPABLE;
    }

    /// <summary>Closes a descriptor; what it stands for lives on while calls use it.</summary>
    public async ValueTask<Errno> CloseAsync(int number)
    {
        Descriptor? descriptor;
        lock (_lock)
        {
            if (!TryGet(number, out descriptor))
                return Errno.EBADF;
            _descriptors[number] = null;
            _lowestFree = Math.Min(_lowestFree, number);
        }

        await descriptor.ReleaseAsync().ConfigureAwait(false);
        return Errno.None;
    }

    /// <summary>Gives a descriptor the number of another, which is closed.</summary>
    public async ValueTask<Errno> RenumberAsync(int from, int to)
    {
        Descriptor? closed;
        lock (_lock)
        {
            if (!TryGet(from, out var descriptor) || !TryGet(to, out closed))
                return Errno.EBADF;
            if (from == to)
                return Errno.None;
            _descriptors[to] = descriptor;
            _descriptors[from] = null;
            _lowestFree = Math.Min(_lowestFree, from);
        }

        await closed.ReleaseAsync().ConfigureAwait(false);
        return Errno.None;
    }

    /// <summary>Closes all.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Descriptor?> all;
        lock (_lock)
        {
            _isDisposed = true;
            all = [.. _descriptors];
            _descriptors.Clear();
            _lowestFree = 0;
        }

        foreach (var descriptor in all)
        {
            if (descriptor is not null)
                await descriptor.ReleaseAsync().ConfigureAwait(false);
        }
    }

    private bool TryGet(int number, [NotNullWhen(true)] out Descriptor? descriptor)
    {
        descriptor = (uint)number < (uint)_descriptors.Count ? _descriptors[number] : null;
        return descriptor is not null;
    }
}
