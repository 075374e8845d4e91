using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fermata.Runtime;

/// <summary>Makes any NaN the positive canonical one (<see cref="EngineOptions.IsDeterministic"/>).</summary>
/// <remarks>Section 4.3.3 "Floating-Point Operations", NaN propagation in the deterministic profile.</remarks>
internal static class CanonicalNan
{
    private const uint Bits32 = 0x7FC0_0000;
    private const ulong Bits64 = 0x7FF8_0000_0000_0000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float OfF32(float value) => float.IsNaN(value) ? BitConverter.UInt32BitsToSingle(Bits32) : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double OfF64(double value) => double.IsNaN(value) ? BitConverter.UInt64BitsToDouble(Bits64) : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> OfF32x4(Vector128<byte> value)
    {
        var lanes = value.AsSingle();
        return Vector128.ConditionalSelect(Vector128.Equals(lanes, lanes), lanes, Vector128.Create(Bits32).AsSingle()).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> OfF64x2(Vector128<byte> value)
    {
        var lanes = value.AsDouble();
        return Vector128.ConditionalSelect(Vector128.Equals(lanes, lanes), lanes, Vector128.Create(Bits64).AsDouble()).AsByte();
    }
}
