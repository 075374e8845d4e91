namespace Fermata.Runtime;

/// <summary>A range of addresses that is reserved once for a process and cut into slots, one for a memory with 32-bit addresses and the guard pages behind it.</summary>
/// <remarks>
/// Whatever address and offset an instruction has, it stays within its slot, as long as the offset is less than the guard: so code needs no check. What the memory has not grown to
/// faults, and as all slots are one range, the handler of faults tells them from others by two comparisons (<see cref="FaultHandler"/>).
/// </remarks>
internal static class GuardedArena
{
    /// <summary>How far beyond 4 GiB the instructions of a memory may reach.</summary>
    public const int GuardBytes = 32 << 20;

    private const ulong SlotBytes = Memory.MaxByteLength32 + GuardBytes;

    /// <summary>Beside them a process has room for all other reservations (<see cref="MemoryReservation"/>).</summary>
    private const ulong TotalBytes = 32ul << 40;

    private const int SlotCount = (int)(TotalBytes / SlotBytes);

    private static readonly Lock Guard = new();
    private static readonly Stack<nint> Free = new();
    private static readonly Lazy<nint> Start = new(Reserve);
    private static int _used;

    /// <summary>Whether faults in the arena become traps here; if not, there are no slots.</summary>
    public static bool IsSupported => Start.Value != 0;

    /// <summary>Takes a slot, none of which is backed.</summary>
    /// <returns>Its first address; 0 if there is none left.</returns>
    public static nint TryTake()
    {
        if (!IsSupported)
            return 0;
        lock (Guard)
        {
            if (Free.TryPop(out var slot))
                return slot;
            return _used == SlotCount ? 0 : Start.Value + (nint)((ulong)_used++ * SlotBytes);
        }
    }

    /// <summary>Gives a slot back.</summary>
    /// <param name="slot">Its first address.</param>
    /// <param name="backed">How many bytes from there are backed.</param>
    /// <returns>Whether the system took them back; if not, nobody gets the slot again.</returns>
    public static bool Release(nint slot, nuint backed)
    {
        if (backed > 0 && !Withdraw(slot, backed))
            return false;
        lock (Guard)
            Free.Push(slot);
        return true;
    }

    /// <summary>Has pages fault again.</summary>
    public static bool Withdraw(nint address, nuint size) => PosixPages.TryDecommit(address, size);

    private static nint Reserve()
    {
        if (!FaultHandler.IsSupported)
            return 0;
        var start = PosixPages.Reserve(unchecked((nuint)TotalBytes));
        if (start == 0 || FaultHandler.TryInstall(start, unchecked((nuint)TotalBytes)))
            return start;
        PosixPages.Release(start, unchecked((nuint)TotalBytes));
        return 0;
    }
}
