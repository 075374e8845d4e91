using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Emscripten.Locks;

/// <summary>The locks of a file, and the calls that wait for one. Ranges of one owner do not overlap, and those of one kind do not touch.</summary>
/// <param name="outside">What other processes see: of each byte the stronger of the locks that there are. Null if others have nothing to do with the file.</param>
internal sealed class FileLocks(HostLocks? outside) : IDisposable
{
    /// <summary>So many an owner may have in a file.</summary>
    private const int MostOfOwner = 1000;

    private readonly List<LockWaiter> _waiters = [];

    private List<RecordLock> _locks = [];

    public bool IsUnused => _locks.Count == 0 && _waiters.Count == 0;

    public IReadOnlyList<LockWaiter> Waiters => _waiters;

    /// <summary>Whether locks of other processes may be in the way, of whose end nobody is told.</summary>
    public bool IsShared => outside is not null;

    /// <summary>Whether an owner has a lock, or waits for one.</summary>
    public bool Concerns(LockOwner owner) => _locks.Exists(held => held.Owner == owner) || _waiters.Exists(waiter => waiter.Wanted.Owner == owner);

    /// <summary>The locks that are in the way of another.</summary>
    public IEnumerable<RecordLock> InTheWayOf(RecordLock wanted) => _locks.Where(wanted.Excludes);

    /// <summary>A lock that is in the way of another, and who has it: null for another process.</summary>
    public (LockKind Kind, LockRange Range, LockOwner? Owner)? Find(RecordLock wanted) =>
        InTheWayOf(wanted).FirstOrDefault() is { } held ? (held.Kind, held.Range, held.Owner)
        : outside?.Find(wanted.Kind, wanted.Range) is { } other ? (other.Kind, other.Range, null)
        : null;

    /// <summary>Locks or unlocks a range, whatever the owner had of it before.</summary>
    /// <returns><see cref="Errno.EAGAIN"/> if another owner or process has what is in the way, <see cref="Errno.ENOLCK"/> if there were too many.</returns>
    public Errno TrySet(RecordLock wanted)
    {
        if (InTheWayOf(wanted).Any())
            return Errno.EAGAIN;
        var range = wanted.Range;
        var next = new List<RecordLock>(_locks.Count + 2);
        foreach (var held in _locks)
        {
            if (held.Owner == wanted.Owner && held.Kind == wanted.Kind && held.Range.Touches(range))
                range = range.Union(held.Range);
            else if (held.Owner == wanted.Owner && held.Range.Overlaps(range))
                next.AddRange(held.Range.Without(range).Select(left => held with { Range = left }));
            else
                next.Add(held);
        }

        if (wanted.Kind != LockKind.None)
            next.Add(wanted with { Range = range });
        if (next.Count > _locks.Count && next.Count(held => held.Owner == wanted.Owner) > MostOfOwner)
            return Errno.ENOLCK;
        var error = wanted.Kind == LockKind.None ? Errno.None : outside?.TrySet(wanted.Kind, wanted.Range) ?? Errno.None;
        if (error != Errno.None)
            return error;
        _locks = next;
        if (wanted.Kind == LockKind.None)
            ReleaseOutside(wanted.Range);
        return Errno.None;
    }

    /// <summary>Takes all locks of an owner away.</summary>
    public void Release(LockOwner owner)
    {
        var released = _locks.FindAll(held => held.Owner == owner);
        _locks.RemoveAll(released.Contains);
        foreach (var held in released)
            ReleaseOutside(held.Range);
    }

    public void Dispose() => outside?.Dispose();

    public void Add(LockWaiter waiter) => _waiters.Add(waiter);

    public void Remove(LockWaiter waiter) => _waiters.Remove(waiter);

    /// <summary>Takes the waiters of an owner.</summary>
    public List<LockWaiter> TakeWaiters(LockOwner owner)
    {
        var taken = _waiters.FindAll(waiter => waiter.Wanted.Owner == owner);
        _waiters.RemoveAll(taken.Contains);
        return taken;
    }

    /// <summary>Takes the waiters that need not wait any more, in the order in which they came.</summary>
    /// <returns>The waiters, and what becomes of each.</returns>
    public List<(LockWaiter Waiter, Errno Error)> TakeReady()
    {
        List<(LockWaiter, Errno)> ready = [];
        foreach (var waiter in _waiters.ToArray())
        {
            var error = TrySet(waiter.Wanted);
            if (error == Errno.EAGAIN)
                continue;
            _waiters.Remove(waiter);
            ready.Add((waiter, error));
        }

        return ready;
    }

    /// <summary>Gives up what of a range nobody here has any more.</summary>
    private void ReleaseOutside(LockRange range)
    {
        if (outside is null)
            return;
        IEnumerable<LockRange> left = [range];
        foreach (var held in _locks.Where(held => held.Range.Overlaps(range)))
            left = [.. left.SelectMany(part => part.Without(held.Range))];
        foreach (var part in left)
            outside.TrySet(LockKind.None, part);
    }
}
