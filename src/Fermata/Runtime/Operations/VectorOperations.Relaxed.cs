using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Fermata.Runtime;

/// <content>
/// The relaxed vector instructions that are not the same as others; those that are have rows of <c>VectorEmission</c>. Of the results that are permitted each gives the one of the
/// deterministic profile (appendix "Profiles"), on every processor.
/// </content>
internal static partial class VectorOperations
{
    /// <summary>Both operands signed, and sums that wrap around; x86's instruction for this would saturate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<short> I16x8RelaxedDotI8x16I7x16S(Vector128<sbyte> a, Vector128<sbyte> b)
    {
        if (AdvSimd.Arm64.IsSupported)
        {
            return AdvSimd.Arm64.AddPairwise(
                AdvSimd.MultiplyWideningLower(a.GetLower(), b.GetLower()), AdvSimd.MultiplyWideningUpper(a, b));
        }

        return (Even(a) * Even(b)) + (Odd(a) * Odd(b));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<int> I32x4RelaxedDotI8x16I7x16AddS(Vector128<sbyte> a, Vector128<sbyte> b, Vector128<int> c)
    {
        var products = I16x8RelaxedDotI8x16I7x16S(a, b);
        return (AdvSimd.IsSupported ? AdvSimd.AddPairwiseWidening(products) : I32x4DotI16x8S(products, Vector128<short>.One)) + c;
    }
}
