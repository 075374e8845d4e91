using System.Diagnostics.CodeAnalysis;
using Fermata.Platform;

namespace Fermata.Wasi;

/// <summary>The file descriptors of a program. Threads of it share one.</summary>
/// <param name="mostDescriptors">How many there may be at once.</param>
/// <param name="withoutRight">What a call is told that uses a descriptor for something to which it has no right.</param>
internal sealed class DescriptorTable(int mostDescriptors, Errno withoutRight) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Descriptor?> _descriptors = [];

    /// <summary>All below this are taken.</summary>
    private int _lowestFree;

    private bool _isDisposed;

    /// <summary>How many there may be at once.</summary>
    public int MostDescriptors => mostDescriptors;

    /// <summary>What is done with a descriptor that has lost a number, while it is still open. Other numbers may stand for it.</summary>
    public Func<Descriptor, ValueTask>? Closing { get; set; }

    /// <summary>Whether there is one with a higher number.</summary>
    public bool HasAfter(int number)
    {
        lock (_lock)
            return _descriptors.Skip(number + 1).Any(descriptor => descriptor is not null);
    }

    /// <summary>All there are, in the order of their numbers.</summary>
    public IReadOnlyList<(int Number, Descriptor Descriptor)> ToList()
    {
        lock (_lock)
            return [.. _descriptors.Index().Where(static entry => entry.Item is not null).Select(static entry => (entry.Index, entry.Item!))];
    }

    /// <summary>Gives a descriptor a number that is free.</summary>
    /// <returns>Whether it is, and there may be so many.</returns>
    public bool TryAdd(int number, Descriptor descriptor)
    {
        lock (_lock)
        {
            if ((uint)number >= (uint)mostDescriptors || TryGet(number, out _))
                return false;
            Put(number, descriptor);
            return true;
        }
    }

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
    /// <returns><see cref="Errno.EBADF"/> if the number stands for none, the error for that if it lacks a right.</returns>
    public Errno Use(int number, Rights rights, out Descriptor descriptor)
    {
        lock (_lock)
        {
            if (!TryGet(number, out descriptor!))
                return Errno.EBADF;
            if ((descriptor.Rights & rights) != rights)
                return withoutRight;
            return descriptor.TryUse() ? Errno.None : Errno.EBADF;
        }
    }

    /// <summary>Finds a descriptor for something that is done at once.</summary>
    /// <returns><see cref="Errno.EBADF"/> if the number stands for none, the error for that if it lacks a right.</returns>
    public Errno Peek(int number, Rights rights, out Descriptor descriptor)
    {
        lock (_lock)
            return !TryGet(number, out descriptor!) ? Errno.EBADF : (descriptor.Rights & rights) == rights ? Errno.None : withoutRight;
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

    /// <summary>Gives a descriptor one more number, the lowest that is free from a first one on.</summary>
    /// <param name="number">A number that it has.</param>
    /// <param name="first">The first one.</param>
    /// <returns>The number; <see cref="Errno.EINVAL"/> if there can be no such number, <see cref="Errno.EMFILE"/> if all are taken.</returns>
    public Result<int> Duplicate(int number, int first)
    {
        lock (_lock)
        {
            if (!TryGet(number, out var descriptor))
                return Errno.EBADF;
            if ((uint)first >= (uint)mostDescriptors)
                return Errno.EINVAL;
            var free = first;
            while (free < _descriptors.Count && _descriptors[free] is not null)
                free++;
            if (free >= mostDescriptors)
                return Errno.EMFILE;
            return descriptor.TryUse() ? Put(free, descriptor) : Errno.EBADF;
        }
    }

    /// <summary>Gives a descriptor one more number, which another one may have had.</summary>
    /// <param name="number">A number that it has.</param>
    /// <param name="wanted">The number that it is given.</param>
    /// <param name="replaced">What had that number, which whoever asked releases; null if there was none.</param>
    public Result<int> Duplicate(int number, int wanted, out Descriptor? replaced)
    {
        replaced = null;
        lock (_lock)
        {
            if (!TryGet(number, out var descriptor) || (uint)wanted >= (uint)mostDescriptors)
                return Errno.EBADF;
            if (number == wanted)
                return number;
            if (!descriptor.TryUse())
                return Errno.EBADF;
            TryGet(wanted, out replaced);
            return Put(wanted, descriptor);
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

    private int Put(int number, Descriptor descriptor)
    {
        while (_descriptors.Count <= number)
            _descriptors.Add(null);
        _descriptors[number] = descriptor;
        return number;
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
