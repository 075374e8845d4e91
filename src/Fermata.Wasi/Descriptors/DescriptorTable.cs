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

    /// <summary>Takes a descriptor out; whoever does so releases it.</summary>
    public Errno Remove(int number, out Descriptor removed)
    {
        lock (_lock)
        {
            if (!TryGet(number, out removed!))
                return Errno.EBADF;
            Free(number);
            return Errno.None;
        }
    }

    /// <summary>Gives a descriptor the number of another.</summary>
    /// <param name="from">Its number.</param>
    /// <param name="to">The number of the other.</param>
    /// <param name="replaced">The other, which whoever asked releases; null if there is none, or they are the same.</param>
    public Errno Renumber(int from, int to, out Descriptor? replaced)
    {
        replaced = null;
        lock (_lock)
        {
            if (!TryGet(from, out var descriptor) || !TryGet(to, out var other))
                return Errno.EBADF;
            if (from == to)
                return Errno.None;
            replaced = other;
            _descriptors[to] = descriptor;
            Free(from);
            return Errno.None;
        }
    }

    /// <summary>Closes all, also if some cannot be closed: the first of the exceptions of their file systems is thrown when all have been tried.</summary>
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

        await Task.WhenAll(all.OfType<Descriptor>().Select(descriptor => descriptor.ReleaseAsync().AsTask())).ConfigureAwait(false);
    }

    private void Free(int number)
    {
        _descriptors[number] = null;
        _lowestFree = Math.Min(_lowestFree, number);
    }

    private bool TryGet(int number, [NotNullWhen(true)] out Descriptor? descriptor)
    {
        descriptor = (uint)number < (uint)_descriptors.Count ? _descriptors[number] : null;
        return descriptor is not null;
    }
}
