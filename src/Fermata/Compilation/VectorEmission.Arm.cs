using System.Runtime.Intrinsics.Arm;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <content>The instructions that are one of Arm, for which <see cref="System.Runtime.Intrinsics.Vector128"/> has no method.</content>
internal sealed partial class VectorEmission
{
    private static Row[] ArmRows => AdvSimd.Arm64.IsSupported ? Arm64Rows : [];

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
