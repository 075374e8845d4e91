using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Fermata.Runtime;

/// <summary>The atomic accesses of memory, for generated code: one method for each operation and size of cell.</summary>
/// <remarks>
/// The proposal "Threads and Atomics": all are sequentially consistent. The read-modify-write operations give the value from before. Those
/// that .NET does not have are loops that try again when another thread was faster.
/// </remarks>
internal static class AtomicOperations
{
    public static byte Load(ref byte cell)
    {
        OrderAfterStores();
        return Volatile.Read(ref cell);
    }

    public static ushort Load(ref ushort cell)
    {
        OrderAfterStores();
        return Volatile.Read(ref cell);
    }

    public static uint Load(ref uint cell)
    {
        OrderAfterStores();
        return Volatile.Read(ref cell);
    }

    public static ulong Load(ref ulong cell)
    {
        OrderAfterStores();
        return Volatile.Read(ref cell);
    }

    // A store without a fence could be seen by others after a later load of this thread.
    public static void Store(ref byte cell, byte value) => Interlocked.Exchange(ref cell, value);

    public static void Store(ref ushort cell, ushort value) => Interlocked.Exchange(ref cell, value);

    public static void Store(ref uint cell, uint value) => Interlocked.Exchange(ref cell, value);

    public static void Store(ref ulong cell, ulong value) => Interlocked.Exchange(ref cell, value);

    public static byte Add(ref byte cell, byte value) => Update<byte, Addition>(ref cell, value);

    public static ushort Add(ref ushort cell, ushort value) => Update<ushort, Addition>(ref cell, value);

    public static uint Add(ref uint cell, uint value) => unchecked(Interlocked.Add(ref cell, value) - value);

    public static ulong Add(ref ulong cell, ulong value) => unchecked(Interlocked.Add(ref cell, value) - value);

    public static byte Sub(ref byte cell, byte value) => Add(ref cell, unchecked((byte)-value));

    public static ushort Sub(ref ushort cell, ushort value) => Add(ref cell, unchecked((ushort)-value));

    public static uint Sub(ref uint cell, uint value) => Add(ref cell, unchecked(0 - value));

    public static ulong Sub(ref ulong cell, ulong value) => Add(ref cell, unchecked(0 - value));

    public static byte And(ref byte cell, byte value) => Update<byte, Conjunction>(ref cell, value);

    public static ushort And(ref ushort cell, ushort value) => Update<ushort, Conjunction>(ref cell, value);

    public static uint And(ref uint cell, uint value) => Interlocked.And(ref cell, value);

    public static ulong And(ref ulong cell, ulong value) => Interlocked.And(ref cell, value);

    public static byte Or(ref byte cell, byte value) => Update<byte, Disjunction>(ref cell, value);

    public static ushort Or(ref ushort cell, ushort value) => Update<ushort, Disjunction>(ref cell, value);

    public static uint Or(ref uint cell, uint value) => Interlocked.Or(ref cell, value);

    public static ulong Or(ref ulong cell, ulong value) => Interlocked.Or(ref cell, value);

    public static byte Xor(ref byte cell, byte value) => Update<byte, ExclusiveDisjunction>(ref cell, value);

    public static ushort Xor(ref ushort cell, ushort value) => Update<ushort, ExclusiveDisjunction>(ref cell, value);

    public static uint Xor(ref uint cell, uint value) => Update<uint, ExclusiveDisjunction>(ref cell, value);

    public static ulong Xor(ref ulong cell, ulong value) => Update<ulong, ExclusiveDisjunction>(ref cell, value);

    public static byte Exchange(ref byte cell, byte value) => Interlocked.Exchange(ref cell, value);

    public static ushort Exchange(ref ushort cell, ushort value) => Interlocked.Exchange(ref cell, value);

    public static uint Exchange(ref uint cell, uint value) => Interlocked.Exchange(ref cell, value);

    public static ulong Exchange(ref ulong cell, ulong value) => Interlocked.Exchange(ref cell, value);

    public static byte CompareExchange(ref byte cell, byte expected, byte value) => Interlocked.CompareExchange(ref cell, value, expected);

    public static ushort CompareExchange(ref ushort cell, ushort expected, ushort value) => Interlocked.CompareExchange(ref cell, value, expected);

    public static uint CompareExchange(ref uint cell, uint expected, uint value) => Interlocked.CompareExchange(ref cell, value, expected);

    public static ulong CompareExchange(ref ulong cell, ulong expected, ulong value) => Interlocked.CompareExchange(ref cell, value, expected);

    /// <summary>
    /// On x86 the fence of each store is enough. Elsewhere .NET promises of a volatile read only that later accesses stay behind it, so it
    /// could come before an earlier store.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OrderAfterStores()
    {
        if (!X86Base.IsSupported)
            Interlocked.MemoryBarrier();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Update<T, TOperation>(ref T cell, T value)
        where T : unmanaged, IBinaryInteger<T>
        where TOperation : struct, IOperation
    {
        var seen = cell;
        while (true)
        {
            var found = Interlocked.CompareExchange(ref cell, TOperation.Apply(seen, value), seen);
            if (found == seen)
                return found;
            seen = found;
        }
    }

    private interface IOperation
    {
        static abstract T Apply<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T>;
    }

    private readonly struct Addition : IOperation
    {
        public static T Apply<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => unchecked(left + right);
    }

    private readonly struct Conjunction : IOperation
    {
        public static T Apply<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left & right;
    }

    private readonly struct Disjunction : IOperation
    {
        public static T Apply<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left | right;
    }

    private readonly struct ExclusiveDisjunction : IOperation
    {
        public static T Apply<T>(T left, T right)
            where T : unmanaged, IBinaryInteger<T> => left ^ right;
    }
}
