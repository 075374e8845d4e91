using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fermata.Runtime;

/// <content>Integer operations on lanes (section 4.3.2 "Integer Operations"), and those that move lanes about.</content>
internal static partial class VectorOperations
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> I8x16Popcnt(Vector128<byte> a)
    {
        var nibble = Vector128.Create((byte)0x0F);
        if (Ssse3.IsSupported)
        {
            var counts = Vector128.Create((byte)0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
            return Ssse3.Shuffle(counts, a & nibble) + Ssse3.Shuffle(counts, (a.AsUInt16() >>> 4).AsByte() & nibble);
        }

        var pairs = a - ((a >>> 1) & Vector128.Create((byte)0x55));
        var quads = (pairs & Vector128.Create((byte)0x33)) + ((pairs >>> 2) & Vector128.Create((byte)0x33));
        return (quads + (quads >>> 4)) & nibble;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> I8x16AvgrU(Vector128<byte> a, Vector128<byte> b) => (a | b) - ((a ^ b) >>> 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> I16x8AvgrU(Vector128<ushort> a, Vector128<ushort> b) => (a | b) - ((a ^ b) >>> 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> I8x16NarrowI16x8U(Vector128<short> a, Vector128<short> b) =>
        Vector128.NarrowWithSaturation(
            Vector128.Max(a, Vector128<short>.Zero).AsUInt16(), Vector128.Max(b, Vector128<short>.Zero).AsUInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> I16x8NarrowI32x4U(Vector128<int> a, Vector128<int> b) =>
        Vector128.NarrowWithSaturation(
            Vector128.Max(a, Vector128<int>.Zero).AsUInt32(), Vector128.Max(b, Vector128<int>.Zero).AsUInt32());

    /// <summary>x86 has this but for -1 times -1 (0x8000 each), which it does not saturate: the only product that comes out as -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> I16x8Q15mulrSatS(Vector128<short> a, Vector128<short> b)
    {
        if (Ssse3.IsSupported)
        {
            var product = Ssse3.MultiplyHighRoundScale(a, b);
            return product ^ Vector128.Equals(product, Vector128.Create(short.MinValue));
        }

        return PortableQ15mulrSatS(a, b);
    }

    /// <summary>Zero for lanes beyond; x86 looks at the highest bit, which saturation sets for those from 16 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> I8x16Swizzle(Vector128<byte> a, Vector128<byte> lanes) =>
        Ssse3.IsSupported
            ? Ssse3.Shuffle(a, Sse2.AddSaturate(lanes, Vector128.Create((byte)(0x80 - 16))))
            : Vector128.Shuffle(a, lanes);

    private static Vector128<short> PortableQ15mulrSatS(Vector128<short> a, Vector128<short> b)
    {
        var half = Vector128.Create(1 << 14);
        var low = ((Vector128.WidenLower(a) * Vector128.WidenLower(b)) + half) >> 15;
        var high = ((Vector128.WidenUpper(a) * Vector128.WidenUpper(b)) + half) >> 15;
        return Vector128.NarrowWithSaturation(low, high);
    }
}
