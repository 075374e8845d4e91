using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Fermata.Runtime;

/// <content>What <c>i8x16.shuffle</c> becomes where its lanes come from both vectors.</content>
internal static partial class VectorOperations
{
    /// <summary>
    /// Any lanes. The same lanes stand in <paramref name="fromA"/> and <paramref name="fromB"/> as those of one vector, with the highest bit
    /// set where a lane is of the other.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> ShuffleAny(
        Vector128<byte> a, Vector128<byte> b, Vector128<byte> lanes, Vector128<byte> fromA, Vector128<byte> fromB)
    {
        if (Avx512Vbmi.VL.IsSupported)
            return Avx512Vbmi.VL.PermuteVar16x8x2(a, lanes, b);
        if (Ssse3.IsSupported)
            return Ssse3.Shuffle(a, fromA) | Ssse3.Shuffle(b, fromB);
        if (AdvSimd.Arm64.IsSupported)
            return AdvSimd.Arm64.VectorTableLookup((a, b), lanes);
        return Vector128.Shuffle(a, fromA) | Vector128.Shuffle(b, fromB);
    }

    /// <summary>Sixteen bytes of both vectors from byte <paramref name="start"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Window(Vector128<byte> a, Vector128<byte> b, [ConstantExpected(Max = (byte)15)] byte start)
    {
        if (Ssse3.IsSupported)
            return Ssse3.AlignRight(b, a, start);
        if (AdvSimd.IsSupported)
            return AdvSimd.ExtractVector128(a, b, start);
        var lanes = Vector128<byte>.Indices + Vector128.Create(start);
        return Vector128.Shuffle(a, lanes) | Vector128.Shuffle(b, lanes - Vector128.Create((byte)16));
    }

    /// <summary>The lanes of <paramref name="b"/> where the mask is set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Blend(Vector128<byte> a, Vector128<byte> b, Vector128<byte> mask) =>
        Vector128.ConditionalSelect(mask, b, a);

    /// <summary>The same where whole 16-bit lanes come from one vector: a bit each, the lowest first, set as in the mask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Blend16(Vector128<byte> a, Vector128<byte> b, Vector128<byte> mask, [ConstantExpected] byte lanes) =>
        Sse41.IsSupported ? Sse41.Blend(a.AsUInt16(), b.AsUInt16(), lanes).AsByte() : Blend(a, b, mask);

    /// <summary>Lanes of <paramref name="a"/>, then of <paramref name="b"/>: two bits each, the lowest first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> TwoAndTwo(Vector128<byte> a, Vector128<byte> b, [ConstantExpected] byte lanes)
    {
        if (Sse.IsSupported)
            return Sse.Shuffle(a.AsSingle(), b.AsSingle(), lanes).AsByte();
        var fromA = Vector128.Create(lanes & 3, (lanes >> 2) & 3, 4, 4);
        var fromB = Vector128.Create(4, 4, (lanes >> 4) & 3, (lanes >> 6) & 3);
        return (Vector128.Shuffle(a.AsInt32(), fromA) | Vector128.Shuffle(b.AsInt32(), fromB)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> InterleaveLow8(Vector128<byte> a, Vector128<byte> b)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackLow(a, b);
        return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : (Vector128.WidenLower(a) | (Vector128.WidenLower(b) << 8)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> InterleaveHigh8(Vector128<byte> a, Vector128<byte> b)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackHigh(a, b);
        return AdvSimd.Arm64.IsSupported
            ? AdvSimd.Arm64.ZipHigh(a, b)
            : (Vector128.WidenUpper(a) | (Vector128.WidenUpper(b) << 8)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> InterleaveLow16(Vector128<ushort> a, Vector128<ushort> b)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackLow(a, b);
        return AdvSimd.Arm64.IsSupported
            ? AdvSimd.Arm64.ZipLow(a, b)
            : (Vector128.WidenLower(a) | (Vector128.WidenLower(b) << 16)).AsUInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> InterleaveHigh16(Vector128<ushort> a, Vector128<ushort> b)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackHigh(a, b);
        return AdvSimd.Arm64.IsSupported
            ? AdvSimd.Arm64.ZipHigh(a, b)
            : (Vector128.WidenUpper(a) | (Vector128.WidenUpper(b) << 16)).AsUInt16();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> InterleaveLow32(Vector128<uint> a, Vector128<uint> b)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackLow(a, b);
        return AdvSimd.Arm64.IsSupported
            ? AdvSimd.Arm64.ZipLow(a, b)
            : (Vector128.WidenLower(a) | (Vector128.WidenLower(b) << 32)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> InterleaveHigh32(Vector128<uint> a, Vector128<uint> b)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackHigh(a, b);
        return AdvSimd.Arm64.IsSupported
            ? AdvSimd.Arm64.ZipHigh(a, b)
            : (Vector128.WidenUpper(a) | (Vector128.WidenUpper(b) << 32)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> InterleaveLow64(Vector128<ulong> a, Vector128<ulong> b)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackLow(a, b);
        return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b) : Vector128.Create(a.GetLower(), b.GetLower());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> InterleaveHigh64(Vector128<ulong> a, Vector128<ulong> b)
    {
        if (Sse2.IsSupported)
            return Sse2.UnpackHigh(a, b);
        return AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b) : Vector128.Create(a.GetUpper(), b.GetUpper());
    }
}
