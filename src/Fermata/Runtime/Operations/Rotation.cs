using System.Runtime.CompilerServices;

namespace Fermata.Runtime;

/// <summary>Makes results of rotations fit to be compared with zero.</summary>
/// <remarks>
/// The JIT of .NET 10 for x64 leaves out the comparison after a rotation by a constant, as if that set the flags by its result, which
/// an "or" does and a rotation does not.
/// </remarks>
internal static class Rotation
{
    // Zeros that the JIT does not know to be zero.
#pragma warning disable CS0649
    internal static int NoBits;
    internal static long NoBits64;
#pragma warning restore CS0649

    /// <summary>The same value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Settle(int rotated) => rotated | NoBits;

    /// <inheritdoc cref="Settle(int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Settle(long rotated) => rotated | NoBits64;
}
