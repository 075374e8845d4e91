using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>
/// The IL of an <c>i8x16.shuffle</c>: its lanes are constant, and most of what compilers emit is one cheap instruction of the processor.
/// </summary>
internal sealed class ShuffleEmission
{
    private const int Count = 16;

    private static readonly Type[] Lanes = [typeof(ulong), typeof(uint), typeof(ushort), typeof(byte)];

    private static readonly (string Low, string High)[] Interleavings =
    [
        (nameof(VectorOperations.InterleaveLow64), nameof(VectorOperations.InterleaveHigh64)),
        (nameof(VectorOperations.InterleaveLow32), nameof(VectorOperations.InterleaveHigh32)),
        (nameof(VectorOperations.InterleaveLow16), nameof(VectorOperations.InterleaveHigh16)),
        (nameof(VectorOperations.InterleaveLow8), nameof(VectorOperations.InterleaveHigh8)),
    ];

    private readonly Action<ILGenerator> _emit;

    private ShuffleEmission(Type lane, bool isSwapped, Action<ILGenerator> emit, int vectors = 2)
    {
        Lane = lane;
        IsSwapped = isSwapped;
        Vectors = vectors;
        _emit = emit;
    }

    /// <summary>The lanes of the vectors that must be on the IL stack.</summary>
    public Type Lane { get; }

    /// <summary>Whether the second vector must come before the first.</summary>
    public bool IsSwapped { get; }

    /// <summary>How many of the vectors it uses; if one, the first, or the second if swapped.</summary>
    public int Vectors { get; }

    /// <summary>The shuffle with such lanes.</summary>
    /// <param name="lanes">Sixteen numbers below 32.</param>
    /// <param name="isOneVector">Whether both vectors are the same.</param>
    public static ShuffleEmission Of(Vector128<byte> lanes, bool isOneVector)
    {
        var list = new byte[Count];
        lanes.CopyTo(list);
        if (isOneVector || list.All(lane => lane < Count))
            return OfOne(list, isSwapped: false);
        if (list.All(lane => lane >= Count))
            return OfOne(list, isSwapped: true);
        return Find(list, isSwapped: false)
            ?? Find(Array.ConvertAll(list, lane => (byte)(lane ^ Count)), isSwapped: true)
            ?? new(typeof(byte), false, EmitAny(list));
    }

    /// <summary>Emits the shuffle after the vectors.</summary>
    public void Emit(ILGenerator il)
    {
        _emit(il);
        VectorEmission.EmitReinterpretation(il, Lane, typeof(byte));
    }

    /// <summary>Emits an <c>i8x16.swizzle</c> after its first vector.</summary>
    public static void EmitConstantSwizzle(ILGenerator il, ulong low, ulong high)
    {
        VectorConstant.EmitVisible(il, low, high);
        il.Emit(OpCodes.Call, VectorEmission.MethodOf(nameof(Vector128.Shuffle), typeof(byte), 2));
    }

    /// <summary>In the widest lanes that are moved as a whole, since more instructions move those.</summary>
    private static ShuffleEmission OfOne(byte[] list, bool isSwapped)
    {
        var lanes = Array.ConvertAll(list, lane => (byte)(lane % Count));
        if (lanes.SequenceEqual(Sequence(0)))
            return new(typeof(byte), isSwapped, il => { }, 1);
        var (lane, wide) = Widest(lanes);
        return new(lane, isSwapped, il =>
        {
            EmitVector(il, Widen(wide, Count / wide.Length));
            VectorEmission.EmitReinterpretation(il, typeof(byte), lane);
            il.Emit(OpCodes.Call, VectorEmission.MethodOf(nameof(Vector128.Shuffle), lane, 2));
        }, 1);
    }

    private static ShuffleEmission? Find(byte[] list, bool isSwapped)
    {
        if (TryInterleave(list, isSwapped) is { } interleaving)
            return interleaving;
        var emit = TryWindow(list) ?? TryBlend(list) ?? TryTwoAndTwo(list);
        return emit is null ? null : new(typeof(byte), isSwapped, emit);
    }

    /// <summary>Alternating lanes of the low or high halves of both vectors.</summary>
    private static ShuffleEmission? TryInterleave(byte[] list, bool isSwapped)
    {
        var (lane, wide) = Widest(list);
        var (low, high) = Interleavings[Array.IndexOf(Lanes, lane)];
        if (wide.SequenceEqual(Alternation(0)))
            return new(lane, isSwapped, EmitMethod(low));
        return wide.SequenceEqual(Alternation(wide.Length / 2)) ? new(lane, isSwapped, EmitMethod(high)) : null;

        IEnumerable<byte> Alternation(int start) =>
            Enumerable.Range(0, wide.Length).Select(i => (byte)(start + (i / 2) + (i % 2 * wide.Length)));
    }

    /// <summary>Neighbouring bytes.</summary>
    private static Action<ILGenerator>? TryWindow(byte[] list)
    {
        if (!list.SequenceEqual(Sequence(list[0])))
            return null;
        return il =>
        {
            il.Emit(OpCodes.Ldc_I4, (int)list[0]);
            EmitMethod(nameof(VectorOperations.Window))(il);
        };
    }

    /// <summary>Each lane from the same place of one of the vectors.</summary>
    private static Action<ILGenerator>? TryBlend(byte[] list)
    {
        if (list.Where((lane, i) => lane % Count != i).Any())
            return null;
        return il =>
        {
            EmitVector(il, Array.ConvertAll(list, lane => lane < Count ? (byte)0 : byte.MaxValue));
            if (Narrow(list, sizeof(ushort)) is not { } pairs)
            {
                EmitMethod(nameof(VectorOperations.Blend))(il);
                return;
            }

            il.Emit(OpCodes.Ldc_I4, pairs.Select((lane, i) => lane < pairs.Length ? 0 : 1 << i).Sum());
            EmitMethod(nameof(VectorOperations.Blend16))(il);
        };
    }

    /// <summary>Two 32-bit lanes of the first vector, then two of the second.</summary>
    private static Action<ILGenerator>? TryTwoAndTwo(byte[] list)
    {
        if (Narrow(list, sizeof(uint)) is not [< 4 and var first, < 4 and var second, >= 4 and var third, >= 4 and var fourth])
            return null;
        var lanes = first | (second << 2) | ((third - 4) << 4) | ((fourth - 4) << 6);
        return il =>
        {
            il.Emit(OpCodes.Ldc_I4, lanes);
            EmitMethod(nameof(VectorOperations.TwoAndTwo))(il);
        };
    }

    private static Action<ILGenerator> EmitAny(byte[] list) => il =>
    {
        const byte None = 0x80;
        EmitVector(il, list);
        EmitVector(il, Array.ConvertAll(list, lane => lane < Count ? lane : None));
        EmitVector(il, Array.ConvertAll(list, lane => lane < Count ? None : (byte)(lane - Count)));
        EmitMethod(nameof(VectorOperations.ShuffleAny))(il);
    };

    private static byte[] Sequence(int start) => [.. Enumerable.Range(start, Count).Select(lane => (byte)lane)];

    private static (Type Type, byte[] Lanes) Widest(byte[] list)
    {
        for (var i = 0; ; i++)
        {
            if (Narrow(list, sizeof(ulong) >> i) is { } lanes)
                return (Lanes[i], lanes);
        }
    }

    /// <summary>The lanes of so many bytes that are moved as a whole; null if some are not.</summary>
    private static byte[]? Narrow(byte[] list, int size)
    {
        var lanes = new byte[Count / size];
        for (var i = 0; i < Count; i++)
        {
            if (list[i] % size != i % size || list[i] / size != list[i / size * size] / size)
                return null;
            lanes[i / size] = (byte)(list[i] / size);
        }

        return lanes;
    }

    /// <summary>Numbers as lanes of so many bytes.</summary>
    private static byte[] Widen(byte[] numbers, int size)
    {
        var bytes = new byte[Count];
        for (var i = 0; i < numbers.Length; i++)
            bytes[i * size] = numbers[i];
        return bytes;
    }

    private static void EmitVector(ILGenerator il, byte[] bytes) =>
        VectorConstant.EmitVisible(il, BitConverter.ToUInt64(bytes, 0), BitConverter.ToUInt64(bytes, sizeof(ulong)));

    private static Action<ILGenerator> EmitMethod(string name) =>
        il => il.Emit(OpCodes.Call, typeof(VectorOperations).GetMethod(name)!);
}
