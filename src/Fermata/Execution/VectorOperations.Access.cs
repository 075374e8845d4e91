using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fermata.Execution;

/// <content>Loads, stores and accesses to one lane. An address is checked by generated code.</content>
internal static unsafe partial class VectorOperations
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> V128Load8x8S(nint address) => Vector128.WidenLower(Eight(address).AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> V128Load8x8U(nint address) => Vector128.WidenLower(Eight(address).AsByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> V128Load16x4S(nint address) => Vector128.WidenLower(Eight(address).AsInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> V128Load16x4U(nint address) => Vector128.WidenLower(Eight(address).AsUInt16());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> V128Load32x2S(nint address) => Vector128.WidenLower(Eight(address).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> V128Load32x2U(nint address) => Vector128.WidenLower(Eight(address).AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> V128Load8Splat(nint address) => Vector128.Create(*(byte*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ushort> V128Load16Splat(nint address) => Vector128.Create(*(ushort*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> V128Load32Splat(nint address) => Vector128.Create(*(uint*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> V128Load64Splat(nint address) => Vector128.Create(*(ulong*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> V128Load32Zero(nint address) => Vector128.CreateScalar(*(uint*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> V128Load64Zero(nint address) => Vector128.CreateScalar(*(ulong*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> V128Load8Lane(nint address, Vector128<byte> vector, int lane) =>
        vector.WithElement(lane, *(byte*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> V128Load16Lane(nint address, Vector128<byte> vector, int lane) =>
        vector.AsUInt16().WithElement(lane, *(ushort*)address).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> V128Load32Lane(nint address, Vector128<byte> vector, int lane) =>
        vector.AsUInt32().WithElement(lane, *(uint*)address).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> V128Load64Lane(nint address, Vector128<byte> vector, int lane) =>
        vector.AsUInt64().WithElement(lane, *(ulong*)address).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void V128Store8Lane(nint address, Vector128<byte> vector, int lane) =>
        *(byte*)address = vector.GetElement(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void V128Store16Lane(nint address, Vector128<byte> vector, int lane) =>
        *(ushort*)address = vector.AsUInt16().GetElement(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void V128Store32Lane(nint address, Vector128<byte> vector, int lane) =>
        *(uint*)address = vector.AsUInt32().GetElement(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void V128Store64Lane(nint address, Vector128<byte> vector, int lane) =>
        *(ulong*)address = vector.AsUInt64().GetElement(lane);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<sbyte> I8x16ReplaceLane(Vector128<sbyte> vector, int value, int lane) => vector.WithElement(lane, (sbyte)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> I16x8ReplaceLane(Vector128<short> vector, int value, int lane) => vector.WithElement(lane, (short)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4ReplaceLane(Vector128<int> vector, int value, int lane) => vector.WithElement(lane, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> I64x2ReplaceLane(Vector128<long> vector, long value, int lane) => vector.WithElement(lane, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> F32x4ReplaceLane(Vector128<float> vector, float value, int lane) => vector.WithElement(lane, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> F64x2ReplaceLane(Vector128<double> vector, double value, int lane) => vector.WithElement(lane, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Eight(nint address) => Vector128.CreateScalarUnsafe(*(ulong*)address);
}
