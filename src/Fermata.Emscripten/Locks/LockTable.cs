using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;

namespace Fermata.Emscripten.Locks;

/// <summary>
/// The record locks of all programs of the process (POSIX, <c>fcntl</c>), by the identity of their files: programs see each other's whatever they were given the file
/// through. In files of the host they have them together against other processes.
/// </summary>
internal sealed class LockTable
{
    /// <summary>How long it takes at first, and later, until it is looked again whether another process is still in the way.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromMilliseconds(32);

    private readonly Lock _lock = new();
    private readonly Dictionary<FileIdentity, FileLocks> _files = [];

    /// <summary>That of the process.</summary>
    public static LockTable Process { get; } = new();

    /// <summary>A lock that is in the way of another, and who has it: null for another process.</summary>
    public (LockKind Kind, LockRange Range, LockOwner? Owner)? Find(FileIdentity file, Descriptor descriptor, RecordLock wanted)
    {
        lock (_lock)
        {
            var locks = Open(file, descriptor);
            var found = locks.Find(wanted);
            Changed(file, locks, wanted.Owner);
            return found;
        }
    }

    /// <summary>Locks or unlocks a range, at once or not at all.</summary>
    /// <returns><see cref="Errno.EAGAIN"/> if another owner or process has what is in the way, <see cref="Errno.ENOLCK"/> if the owner had too many.</returns>
    public Errno TrySet(FileIdentity file, Descriptor descriptor, RecordLock wanted)
    {
        lock (_lock)
        {
            var locks = Open(file, descriptor);
            var error = locks.TrySet(wanted);
            Changed(file, locks, wanted.Owner);
            return error;
        }
    }

    /// <summary>Locks a range when nobody is in the way.</summary>
    /// <returns><see cref="Errno.EDEADLK"/> if programs would wait for each other, <see cref="Errno.ENOLCK"/> if the owner had too many.</returns>
    public async ValueTask<Errno> SetAsync(FileIdentity file, Descriptor descriptor, RecordLock wanted, CancellationToken cancellationToken)
    {
        FileLocks locks;
        LockWaiter? waiter = null;
        lock (_lock)
        {
            locks = Open(file, descriptor);
            var error = locks.TrySet(wanted);
            if (error == Errno.EAGAIN && WaitFor(wanted.Owner, locks.InTheWayOf(wanted)))
                error = Errno.EDEADLK;
            if (error == Errno.EAGAIN)
                locks.Add(waiter = new LockWaiter(wanted));
            Changed(file, locks, wanted.Owner);
            if (waiter is null)
                return error;
        }

        try
        {
            return locks.IsShared
                ? await WaitAsync(file, locks, waiter, cancellationToken).ConfigureAwait(false)
                : await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
                Forget(file, waiter);
        }
    }

    /// <summary>Takes all locks of an owner in a file away.</summary>
    public void Release(FileIdentity file, LockOwner owner)
    {
        lock (_lock)
        {
            if (_files.GetValueOrDefault(file) is not { } locks)
                return;
            locks.Release(owner);
            Changed(file, locks, owner);
        }
    }

    /// <summary>Takes all locks of an owner away that is no more; none of its calls gets one any more.</summary>
    public void Release(LockOwner owner)
    {
        lock (_lock)
        {
            foreach (var file in owner.Files.ToArray())
            {
                var locks = _files[file];
                foreach (var waiter in locks.TakeWaiters(owner))
                    waiter.End(Errno.EBADF);
                locks.Release(owner);
                Changed(file, locks, owner);
            }
        }
    }

    /// <summary>Whether an owner has locks, or waits for one.</summary>
    public bool Concerns(LockOwner owner)
    {
        lock (_lock)
            return owner.Files.Count > 0;
    }

    private FileLocks Open(FileIdentity file, Descriptor descriptor)
    {
        if (!_files.TryGetValue(file, out var locks))
            _files.Add(file, locks = new FileLocks(descriptor.OpenLocks()));
        return locks;
    }

    /// <summary>Waits, and looks itself whether other processes have given up what is in the way.</summary>
    private async ValueTask<Errno> WaitAsync(FileIdentity file, FileLocks locks, LockWaiter waiter, CancellationToken cancellationToken)
    {
        for (var pause = ShortestPause; ; pause = pause < LongestPause ? 2 * pause : pause)
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(waiter.Task, Task.Delay(pause, ends.Token)).ConfigureAwait(false);
            await ends.CancelAsync().ConfigureAwait(false);
            if (waiter.Task.IsCompleted)
                return await waiter.Task.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            lock (_lock)
            {
                if (!waiter.Task.IsCompleted)
                    Changed(file, locks, waiter.Wanted.Owner);
            }
        }
    }

    private void Forget(FileIdentity file, LockWaiter waiter)
    {
        if (_files.GetValueOrDefault(file) is not { } locks)
            return;
        locks.Remove(waiter);
        Changed(file, locks, waiter.Wanted.Owner);
    }

    /// <summary>Wakes who has waited for what an owner has no more, and keeps nothing of a file in which there is nothing.</summary>
    private void Changed(FileIdentity file, FileLocks locks, LockOwner owner)
    {
        Note(owner);
        foreach (var (waiter, error) in locks.TakeReady())
        {
            Note(waiter.Wanted.Owner);
            waiter.End(error);
        }

        if (locks.IsUnused && _files.Remove(file))
            locks.Dispose();

        void Note(LockOwner changed)
        {
            if (locks.Concerns(changed))
                changed.Files.Add(file);
            else
                changed.Files.Remove(file);
        }
    }

    /// <summary>Whether those who have locks wait, each for the next, for a program that is about to wait for them. As on Linux only programs are looked at.</summary>
    private bool WaitFor(LockOwner program, IEnumerable<RecordLock> held)
    {
        if (!program.IsProgram)
            return false;
        var seen = new HashSet<LockOwner>();
        var next = new Stack<LockOwner>(held.Select(inTheWay => inTheWay.Owner));
        while (next.TryPop(out var owner))
        {
            if (owner == program)
                return true;
            if (!owner.IsProgram || !seen.Add(owner))
                continue;
            foreach (var locks in _files.Values)
            {
                foreach (var waiter in locks.Waiters.Where(waiter => waiter.Wanted.Owner == owner))
                {
                    foreach (var inTheWay in locks.InTheWayOf(waiter.Wanted))
                        next.Push(inTheWay.Owner);
                }
            }
        }

        return false;
    }
}
