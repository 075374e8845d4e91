using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <content>The instructions that are one of some processors, for which <see cref="System.Runtime.Intrinsics.Vector128"/> has no method.</content>
internal sealed partial class VectorEmission
{
    /// <summary>The rows of this processor.</summary>
    private static IEnumerable<Row> ProcessorRows
    {
        get
        {
            var rows = new List<Row>();
            if (Sse2.IsSupported)
                rows.AddRange(Sse2Rows);
            if (Ssse3.IsSupported)
                rows.AddRange(Ssse3Rows);
            if (Sse41.IsSupported)
                rows.Add(new(Opcode.I16x8NarrowI32x4U, typeof(int), nameof(Sse41.PackUnsignedSaturate), "ab", Owner: typeof(Sse41)));
            if (Avx512F.VL.IsSupported)
                rows.Add(new(Opcode.F64x2ConvertLowI32x4U, typeof(uint), nameof(Avx512F.VL.ConvertToVector128Double), "a", Owner: typeof(Avx512F.VL)));
            if (AdvSimd.Arm64.IsSupported)
                rows.AddRange(Arm64Rows);
            return rows;
        }
    }

    /// <summary>The minimum and maximum of x86 give their second operand where they are not a number or equal.</summary>
    private static Row[] Sse2Rows =>
    [
        new(Opcode.F32x4Ne, typeof(float), nameof(Sse.CompareNotEqual), "ab", Owner: typeof(Sse)),
        new(Opcode.F64x2Ne, typeof(double), nameof(Sse2.CompareNotEqual), "ab", Owner: typeof(Sse2)),
        new(Opcode.F32x4Pmin, typeof(float), nameof(Sse.Min), "ba", Owner: typeof(Sse)),
        new(Opcode.F32x4Pmax, typeof(float), nameof(Sse.Max), "ba", Owner: typeof(Sse)),
        new(Opcode.F64x2Pmin, typeof(double), nameof(Sse2.Min), "ba", Owner: typeof(Sse2)),
        new(Opcode.F64x2Pmax, typeof(double), nameof(Sse2.Max), "ba", Owner: typeof(Sse2)),
        new(Opcode.F32x4DemoteF64x2Zero, typeof(double), nameof(Sse2.ConvertToVector128Single), "a", Owner: typeof(Sse2)),
        new(Opcode.F64x2PromoteLowF32x4, typeof(float), nameof(Sse2.ConvertToVector128Double), "a", Owner: typeof(Sse2)),
        new(Opcode.F64x2ConvertLowI32x4S, typeof(int), nameof(Sse2.ConvertToVector128Double), "a", Owner: typeof(Sse2)),
        new(Opcode.I8x16NarrowI16x8U, typeof(short), nameof(Sse2.PackUnsignedSaturate), "ab", Owner: typeof(Sse2)),
        new(Opcode.I8x16AvgrU, typeof(byte), nameof(Sse2.Average), "ab", Owner: typeof(Sse2)),
        new(Opcode.I16x8AvgrU, typeof(ushort), nameof(Sse2.Average), "ab", Owner: typeof(Sse2)),
        new(Opcode.I32x4ExtaddPairwiseI16x8S, typeof(short), nameof(Sse2.MultiplyAddAdjacent), "a1", Owner: typeof(Sse2)),
        new(Opcode.I32x4DotI16x8S, typeof(short), nameof(Sse2.MultiplyAddAdjacent), "ab", Owner: typeof(Sse2)),
    ];

    private static Row[] Ssse3Rows =>
    [
        new(Opcode.I16x8ExtaddPairwiseI8x16S, typeof(byte), nameof(Ssse3.MultiplyAddAdjacent), "1a", Owner: typeof(Ssse3)),
        new(Opcode.I16x8ExtaddPairwiseI8x16U, typeof(byte), nameof(Ssse3.MultiplyAddAdjacent), "a1", Owner: typeof(Ssse3)),
    ];

    private static Row[] Arm64Rows =>
    [
        new(Opcode.I8x16Swizzle, typeof(byte), nameof(AdvSimd.Arm64.VectorTableLookup), "ab", Owner: typeof(AdvSimd.Arm64)),
        new(Opcode.I8x16Popcnt, typeof(byte), nameof(AdvSimd.PopCount), "a", Owner: typeof(AdvSimd)),
        new(Opcode.I8x16AvgrU, typeof(byte), nameof(AdvSimd.FusedAddRoundedHalving), "ab", Owner: typeof(AdvSimd)),
        new(Opcode.I16x8AvgrU, typeof(ushort), nameof(AdvSimd.FusedAddRoundedHalving), "ab", Owner: typeof(AdvSimd)),
        new(Opcode.I16x8Q15mulrSatS, typeof(short), nameof(AdvSimd.MultiplyRoundedDoublingSaturateHigh), "ab", Owner: typeof(AdvSimd)),
        new(Opcode.I16x8ExtaddPairwiseI8x16S, typeof(sbyte), nameof(AdvSimd.AddPairwiseWidening), "a", Owner: typeof(AdvSimd)),
        new(Opcode.I16x8ExtaddPairwiseI8x16U, typeof(byte), nameof(AdvSimd.AddPairwiseWidening), "a", Owner: typeof(AdvSimd)),
        new(Opcode.I32x4ExtaddPairwiseI16x8S, typeof(short), nameof(AdvSimd.AddPairwiseWidening), "a", Owner: typeof(AdvSimd)),
        new(Opcode.I32x4ExtaddPairwiseI16x8U, typeof(ushort), nameof(AdvSimd.AddPairwiseWidening), "a", Owner: typeof(AdvSimd)),
        new(Opcode.F32x4Min, typeof(float), nameof(AdvSimd.Min), "ab", Owner: typeof(AdvSimd)),
        new(Opcode.F32x4Max, typeof(float), nameof(AdvSimd.Max), "ab", Owner: typeof(AdvSimd)),
        new(Opcode.F64x2Min, typeof(double), nameof(AdvSimd.Arm64.Min), "ab", Owner: typeof(AdvSimd.Arm64)),
        new(Opcode.F64x2Max, typeof(double), nameof(AdvSimd.Arm64.Max), "ab", Owner: typeof(AdvSimd.Arm64)),
    ];
}
