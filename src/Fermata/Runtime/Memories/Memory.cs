using System.Diagnostics.CodeAnalysis;
using Fermata.Runtime;

namespace Fermata;

/// <summary>A linear memory: bytes with addresses from 0, in pages of 64 KiB.</summary>
/// <remarks>
/// <para>WebAssembly 3.0, section 4.2.9 "Memory Instances". Numbers are little-endian.</para>
/// <para>
/// The bytes lie outside the .NET heap at a base that never moves, so that a span over them stays valid when the memory
/// grows. It does not stay valid when the store is disposed, or when neither the store nor the memory is reachable any
/// more: using it then reads and writes foreign memory, or crashes the process. Do not keep spans longer than the store.
/// </para>
/// <para>
/// A memory of a shared type belongs to no store: it may be imported into any number of stores, each of which may run on a thread of its
/// own. One that a module declares is freed when the last store is disposed in which an instance uses it; one that the host makes is the host's, and is freed when
/// nothing refers to it any more. All members of it may be used by several threads at once. Only
/// <see cref="Grow"/> and <see cref="Notify(ulong, int)"/> are atomic; for others use <see cref="Interlocked"/> and <see cref="Volatile"/>
/// on the numbers in a span.
/// </para>
/// <para>
/// Addresses are 64-bit here. The overloads with an <see cref="int"/> are for the addresses of 32-bit memories as
/// WebAssembly code passes them, and take it as unsigned.
/// </para>
/// </remarks>
public sealed partial class Memory
{
    /// <summary>The size of a page in bytes.</summary>
    public const int PageSize = 65536;

    /// <summary>The most bytes that a memory with 64-bit addresses can have: 16 GiB. It is 4 GiB with 32-bit addresses.</summary>
    /// <remarks>Appendix "Implementation Limitations"; address space is reserved for all of it at the start, as long as there is plenty.</remarks>
    public const long MaxByteLength64 = 16L << 30;

    /// <summary>The address of byte 0 in this process.</summary>
    internal readonly nint Base;

    /// <summary>
    /// Of a memory with guard pages, an address from which code reaches it by displacements that are negative. Near an address that it has used, the JIT takes small positive ones
    /// for addresses that do not fault either, and drops loads there whose values are not used.
    /// </summary>
    internal readonly nint GuardedBase;

    /// <summary>The number of bytes; 0 after the memory was freed. All of them are backed whenever this is read; a shared memory only grows.</summary>
    internal ulong Length;

    /// <summary>Who waits at a shared memory; null if it is not shared.</summary>
    internal readonly WaitQueues? Waiters;

    /// <summary>The most bytes that a memory with 32-bit addresses can have.</summary>
    internal const ulong MaxByteLength32 = 4ul << 30;

    private readonly MemoryType _declaredType;
    private readonly MemoryReservation _reservation;

    /// <summary>Guards what changes the reservation, and the number of users.</summary>
    private readonly Lock _lock = new();

    /// <summary>
    /// What a shared memory that a module declares counts for, whichever store grows it: the store in which it was made. Such a memory lives as long as the stores that use it.
    /// Null for any other.
    /// </summary>
    private readonly ResourceCounts? _counts;

    /// <summary>How many stores have instances that use the memory, if it is shared.</summary>
    private int _users;

    /// <summary>Makes a shared memory of the minimal size of its type, full of zeros, to be given to modules in any stores as an import.</summary>
    /// <param name="type">Its type, a shared one.</param>
    /// <exception cref="ArgumentException">The type is not shared or has no maximum, or its limits contradict each other.</exception>
    /// <exception cref="InsufficientMemoryException">As for other memories.</exception>
    public Memory(MemoryType type)
        : this(Require(type, isShared: true), store: null)
    {
    }

    /// <summary>Makes a memory of the minimal size of its type, full of zeros, to be given to a module as an import.</summary>
    /// <param name="store">The store in which it lives, and which frees it.</param>
    /// <param name="type">Its type.</param>
    /// <exception cref="ArgumentException">The type's limits contradict each other, or it is shared.</exception>
    /// <exception cref="InsufficientMemoryException">
    /// The minimal size is beyond what this engine supports, or no memory or address space is left for it for it;
    /// a process can have about 16,000 memories at a time.
    /// </exception>
    /// <exception cref="ResourceLimitException">The store's limiter refuses it.</exception>
    public Memory(Store store, MemoryType type)
        : this(Require(type, isShared: false), Require(store))
    {
        try
        {
            store.Resources.Reserve([(StoreResource.Memories, 1), (StoreResource.MemoryBytes, ByteLength)]);
            store.Own(new Lifetime(this));
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <summary>Makes a shared memory that a module declares.</summary>
    private Memory(MemoryType type, ResourceCounts counts)
        : this(type, store: null) => _counts = counts;

    private Memory(MemoryType type, Store? store)
    {
        _declaredType = type;
        Store = store;
        Waiters = type.IsShared ? new WaitQueues() : null;

        ulong mostPages = (type.Is64 ? (ulong)MaxByteLength64 : MaxByteLength32) / PageSize;
        if (type.Limits.Min > mostPages)
            throw NoRoom($"at most {mostPages} are possible");

        // An empty memory has a base too.
        ulong minimum = type.Limits.Min * PageSize;
        ulong maximum = Math.Min(type.Limits.Max ?? mostPages, mostPages) * PageSize;
        var prefersGuards = !type.Is64 && store?.Engine.Options.BoundsChecks != BoundsChecks.Explicit;
        _reservation = MemoryReservation.TryCreate(Math.Max(maximum, PageSize), minimum, prefersGuards)
            ?? throw NoRoom("no memory or address space is left for it");

        Base = _reservation.Base;
        GuardedBase = Base + GuardedArena.GuardBytes;
        Length = minimum;
        MaxPages = Math.Min(maximum, _reservation.Size) / PageSize;
    }

    /// <summary>The type of the memory; its minimal size is the present one, as matching an import needs it.</summary>
    public MemoryType Type
    {
        get
        {
            var pages = PageCount;
            return _declaredType.Limits.Min == pages ? _declaredType : _declaredType with { Limits = _declaredType.Limits with { Min = pages } };
        }
    }

    /// <summary>The type, of a memory that was not freed by then.</summary>
    /// <exception cref="ObjectDisposedException">It was freed.</exception>
    internal MemoryType UsableType
    {
        get
        {
            // Whoever frees it sets the size to zero first.
            lock (_lock)
            {
                RequireUsable();
                return Type;
            }
        }
    }

    /// <summary>The size in pages of 64 KiB.</summary>
    public ulong PageCount => Volatile.Read(ref Length) / PageSize;

    /// <summary>The size in bytes.</summary>
    public long ByteLength => (long)Volatile.Read(ref Length);

    /// <summary>The store that it belongs to; null if it is shared.</summary>
    internal Store? Store { get; }

    /// <summary>Whether code traps at accesses beyond the end that it does not check. Those with 64-bit addresses never have that.</summary>
    internal bool IsGuarded => _reservation.IsGuarded;

    /// <summary>Whether addresses are 64-bit.</summary>
    internal bool Is64 => _declaredType.Is64;

    /// <summary>The size beyond which growing fails.</summary>
    internal ulong MaxPages { get; }

    /// <summary>Adds pages of zeros at the end.</summary>
    /// <param name="pages">How many.</param>
    /// <returns>The number of pages before; -1 if the memory cannot grow so far, and then nothing has changed.</returns>
    /// <exception cref="ObjectDisposedException">The store was disposed.</exception>
    public long Grow(ulong pages)
    {
        RequireUsable();
        return (long)TryGrow(pages, Store);
    }

    /// <summary>Grows as <c>memory.grow</c> does; its -1 for failure is <see cref="ulong.MaxValue"/>.</summary>
    /// <param name="pages">How many pages.</param>
    /// <param name="grower">The store for which the new pages count, if they do not for that whose module declares a shared memory; null if for none.</param>
    internal ulong TryGrow(ulong pages, Store? grower)
    {
        // The limiter is asked outside the lock, and only for what is possible.
        var counts = _counts ?? grower?.Resources;
        if (pages > MaxPages - PageCount || counts?.TryReserve(StoreResource.MemoryBytes, (long)pages * PageSize) == false)
            return ulong.MaxValue;
        var oldPages = TryExtend(pages);
        if (oldPages == ulong.MaxValue)
            counts?.Release(StoreResource.MemoryBytes, (long)pages * PageSize);
        return oldPages;
    }

    private ulong TryExtend(ulong pages)
    {
        lock (_lock)
        {
            ulong oldPages = PageCount;
            if (pages > MaxPages - oldPages || _reservation.IsClosed || !_reservation.TryCommit(Length, pages * PageSize))
                return ulong.MaxValue;

            // Other threads look at the length without the lock: what they see of it is backed.
            Volatile.Write(ref Length, (oldPages + pages) * PageSize);
            return oldPages;
        }
    }

    /// <summary>Makes the memory that a module declares, for which the limiter was asked.</summary>
    internal static Memory Create(Store store, MemoryType type)
    {
        if (type.IsShared)
            return new Memory(type, store.Resources);
        var memory = new Memory(type, store);
        store.Own(new Lifetime(memory));
        return memory;
    }

    /// <summary>Whether nobody but one store can change it: it is not shared, or was declared by a module and is used by no other store.</summary>
    internal bool IsOfOneStore
    {
        get
        {
            lock (_lock)
                return Store is not null || (_counts is not null && _users == 1);
        }
    }

    /// <summary>One more store has an instance that uses the memory, a shared one.</summary>
    /// <exception cref="ObjectDisposedException">It was freed.</exception>
    internal void AddUser()
    {
        lock (_lock)
        {
            RequireUsable();
            _users++;
        }
    }

    /// <summary>One of the stores is disposed, and none of its code runs any more.</summary>
    internal void RemoveUser()
    {
        lock (_lock)
        {
            if (--_users == 0 && _counts is not null)
                Release();
        }
    }

    /// <exception cref="ObjectDisposedException">The memory was freed.</exception>
    internal void RequireUsable() => ObjectDisposedException.ThrowIf(_reservation.IsClosed, this);

    private void Release()
    {
        lock (_lock)
        {
            Volatile.Write(ref Length, 0);
            _reservation.Dispose();
        }
    }

    private static Store Require(Store store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store;
    }

    private static MemoryType Require(MemoryType type, bool isShared)
    {
        ArgumentNullException.ThrowIfNull(type);
        type.Limits.RequireConsistent(nameof(type));
        if (type.IsShared && type.Limits.Max is null)
            throw new ArgumentException($"shared memory must have maximum: {type}", nameof(type));
        if (type.IsShared == isShared)
            return type;
        throw new ArgumentException(
            isShared ? $"{type} is not shared: such a memory belongs to a store." : $"{type} is shared: such a memory belongs to no store.",
            nameof(type));
    }

    [SuppressMessage("Globalization", "CA1305", Justification = "unsigned integers have one form")]
    private InsufficientMemoryException NoRoom(string reason) =>
        new($"no room for a memory of {_declaredType.Limits.Min} pages of 64 KiB: {reason}");

    /// <summary>What the store disposes of; the memory itself is not for its users to dispose.</summary>
    private sealed class Lifetime(Memory memory) : IDisposable
    {
        public void Dispose() => memory.Release();
    }
}
