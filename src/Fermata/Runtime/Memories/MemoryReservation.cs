using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fermata.Runtime;

/// <summary>A range of addresses of this process, of which a growing part from the start is backed by memory.</summary>
/// <remarks>
/// The rest faults when it is touched. The range never moves. It is a slot of the <see cref="GuardedArena"/> or reserved by itself, and is given back when the object is disposed or,
/// should nobody do that, finalized.
/// </remarks>
internal sealed class MemoryReservation : SafeHandle
{
    /// <summary>How many there may be at a time. Each is two mappings, of which Linux allows a process 65,530.</summary>
    private const int MaxCount = 16_384;

    /// <summary>How many bytes they may reserve together beside the <see cref="GuardedArena"/>: half of what a process has on 64-bit systems.</summary>
    private const long MaxTotalSize = 64L << 40;

    /// <summary>
    /// Where address space becomes scarce a memory gets one part in so many of what is left, so that the last of <see cref="MaxCount"/> still has some hundred megabytes.
    /// </summary>
    private const int Shares = 4_096;

    private static int _count;
    private static int _countAfterCollection;
    private static long _totalSize;

    /// <summary>How many bytes from the start were backed, at the most.</summary>
    private nuint _committed;

    private MemoryReservation(nint address, nuint size, bool isGuarded)
        : base(0, ownsHandle: true)
    {
        SetHandle(address);
        Size = size;
        IsGuarded = isGuarded;
        Interlocked.Increment(ref _count);
        if (!isGuarded)
            Interlocked.Add(ref _totalSize, (long)size);
    }

    /// <summary>The first address.</summary>
    public nint Base => handle;

    /// <summary>The number of bytes reserved.</summary>
    public nuint Size { get; }

    /// <summary>Whether what is not backed, and the guard pages behind it, become traps when code touches them.</summary>
    public bool IsGuarded { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Reserves address space and backs the start of it.</summary>
    /// <param name="size">How many bytes to reserve; there may be fewer.</param>
    /// <param name="committed">How many of them to back at once. There are not fewer.</param>
    /// <param name="prefersGuards">Whether to take a slot with guard pages if there is one, for 4 GiB at most.</param>
    /// <returns>Null if the system has no address space or no memory for it.</returns>
    /// <remarks>Some of the address space is left alone: .NET itself dies where it finds none.</remarks>
    public static MemoryReservation? TryCreate(ulong size, ulong committed, bool prefersGuards)
    {
        prefersGuards &= GuardedArena.IsSupported;
        if (prefersGuards && TryTakeSlot(size, committed) is { } guarded)
            return guarded;
        if (!prefersGuards && Share(size) == size && TryReserveAndCommit(size, committed) is { } reservation)
            return reservation;

        // Address space runs out before memory does: let go of memories that wait for their finalizers. Where nearly all
        // were in use the last time, collecting again for each new one would cost much and bring little.
        if (_count > _countAfterCollection + _countAfterCollection / 16)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            _countAfterCollection = _count;
        }

        if (prefersGuards && TryTakeSlot(size, committed) is { } found)
            return found;
        return TryReserveAndCommit(Math.Max(Share(size), committed), committed);
    }

    /// <summary>Backs bytes that were not backed with zeroed memory. Offsets are multiples of 64 KiB.</summary>
    /// <returns>Whether the system had the memory.</returns>
    public bool TryCommit(ulong offset, ulong length)
    {
        if (length == 0)
            return true;
        if (TryCommitPages(handle + (nint)offset, (nuint)length))
        {
            _committed = (nuint)(offset + length);
            return true;
        }

        // The system may have given some of it, which code must not find.
        if (IsGuarded)
            GuardedArena.Withdraw(handle + (nint)offset, (nuint)length);
        return false;
    }

    /// <summary>Backs bytes from the start with those of a file, which stays as it is when they are written to.</summary>
    /// <returns>Whether the system had address space for them.</returns>
    public bool TryMap(SafeFileHandle file, ulong length)
    {
        if (length > 0 && !PosixPages.TryMap(handle, (nuint)length, file))
            return false;
        _committed = Math.Max(_committed, (nuint)length);
        return true;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Interlocked.Decrement(ref _count);
        if (IsGuarded)
            return GuardedArena.Release(handle, _committed);
        Interlocked.Add(ref _totalSize, -(long)Size);
        return ReleasePages(handle, Size);
    }

    private static MemoryReservation? TryTakeSlot(ulong size, ulong committed)
    {
        if (_count >= MaxCount || GuardedArena.TryTake() is var slot && slot == 0)
            return null;
        return Commit(new MemoryReservation(slot, (nuint)size, isGuarded: true), committed);
    }

    private static MemoryReservation? TryReserveAndCommit(ulong size, ulong committed)
    {
        if (size > (ulong)nint.MaxValue || _count >= MaxCount || (long)size > MaxTotalSize - Interlocked.Read(ref _totalSize))
            return null;
        nint address = ReservePages((nuint)size);
        if (address == 0)
            return null;

        return Commit(new MemoryReservation(address, (nuint)size, isGuarded: false), committed);
    }

    /// <summary>Backs the start of a new reservation, or gives it back if there is no memory.</summary>
    private static MemoryReservation? Commit(MemoryReservation reservation, ulong committed)
    {
        if (reservation.TryCommit(0, committed))
            return reservation;
        reservation.Dispose();
        return null;
    }

    /// <summary>How much of what is wanted can be reserved without taking too much from the memories that come later.</summary>
    private static ulong Share(ulong wanted)
    {
        var left = (ulong)Math.Max(0, MaxTotalSize - Interlocked.Read(ref _totalSize));
        return wanted <= left / (Shares / 2) ? wanted : Math.Min(wanted, left / Shares / Memory.PageSize * Memory.PageSize);
    }

    private static nint ReservePages(nuint size) => OperatingSystem.IsWindows() ? WindowsPages.Reserve(size) : PosixPages.Reserve(size);

    private static bool TryCommitPages(nint address, nuint size) =>
        OperatingSystem.IsWindows() ? WindowsPages.TryCommit(address, size) : PosixPages.TryCommit(address, size);

    private static bool ReleasePages(nint address, nuint size) =>
        OperatingSystem.IsWindows() ? WindowsPages.Release(address) : PosixPages.Release(address, size);
}
