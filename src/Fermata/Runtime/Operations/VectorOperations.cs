using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Fermata.Runtime;

/// <summary>
/// The vector instructions that are neither a method of <see cref="Vector128"/> nor an instruction of this processor: a method each,
/// named as in <see cref="Structure.Opcode"/>.
/// </summary>
/// <remarks>
/// Section 4.3 "Numerics". Methods are inlined into generated code. x86 and Arm are asked for instructions by name where that is shorter,
/// with a portable form beside. As for numbers, results of arithmetic that are NaNs are quiet.
/// </remarks>
internal static partial class VectorOperations
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool V128AnyTrue(Vector128<byte> a) => a != Vector128<byte>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool I8x16AllTrue(Vector128<byte> a) => !Vector128.EqualsAny(a, Vector128<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool I16x8AllTrue(Vector128<short> a) => !Vector128.EqualsAny(a, Vector128<short>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool I32x4AllTrue(Vector128<int> a) => !Vector128.EqualsAny(a, Vector128<int>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool I64x2AllTrue(Vector128<long> a) => !Vector128.EqualsAny(a, Vector128<long>.Zero);
}
