namespace Fermata.Structure;

internal static partial class InstructionTable
{
    /// <summary>
    /// The vector instructions whose results depend on the implementation (section 4.3.6 "Relaxed Operations"); here they do not: see
    /// <c>VectorOperations</c>.
    /// </summary>
    private static InstructionInfo[] RelaxedVector =>
    [
        new(Opcode.I8x16RelaxedSwizzle, "i8x16.relaxed_swizzle", Immediate.None, "vv:v"),
        new(Opcode.I32x4RelaxedTruncF32x4S, "i32x4.relaxed_trunc_f32x4_s", Immediate.None, "v:v"),
        new(Opcode.I32x4RelaxedTruncF32x4U, "i32x4.relaxed_trunc_f32x4_u", Immediate.None, "v:v"),
        new(Opcode.I32x4RelaxedTruncF64x2SZero, "i32x4.relaxed_trunc_f64x2_s_zero", Immediate.None, "v:v"),
        new(Opcode.I32x4RelaxedTruncF64x2UZero, "i32x4.relaxed_trunc_f64x2_u_zero", Immediate.None, "v:v"),
        new(Opcode.F32x4RelaxedMadd, "f32x4.relaxed_madd", Immediate.None, "vvv:v"),
        new(Opcode.F32x4RelaxedNmadd, "f32x4.relaxed_nmadd", Immediate.None, "vvv:v"),
        new(Opcode.F64x2RelaxedMadd, "f64x2.relaxed_madd", Immediate.None, "vvv:v"),
        new(Opcode.F64x2RelaxedNmadd, "f64x2.relaxed_nmadd", Immediate.None, "vvv:v"),
        new(Opcode.I8x16RelaxedLaneselect, "i8x16.relaxed_laneselect", Immediate.None, "vvv:v"),
        new(Opcode.I16x8RelaxedLaneselect, "i16x8.relaxed_laneselect", Immediate.None, "vvv:v"),
        new(Opcode.I32x4RelaxedLaneselect, "i32x4.relaxed_laneselect", Immediate.None, "vvv:v"),
        new(Opcode.I64x2RelaxedLaneselect, "i64x2.relaxed_laneselect", Immediate.None, "vvv:v"),
        new(Opcode.F32x4RelaxedMin, "f32x4.relaxed_min", Immediate.None, "vv:v"),
        new(Opcode.F32x4RelaxedMax, "f32x4.relaxed_max", Immediate.None, "vv:v"),
        new(Opcode.F64x2RelaxedMin, "f64x2.relaxed_min", Immediate.None, "vv:v"),
        new(Opcode.F64x2RelaxedMax, "f64x2.relaxed_max", Immediate.None, "vv:v"),
        new(Opcode.I16x8RelaxedQ15mulrS, "i16x8.relaxed_q15mulr_s", Immediate.None, "vv:v"),
        new(Opcode.I16x8RelaxedDotI8x16I7x16S, "i16x8.relaxed_dot_i8x16_i7x16_s", Immediate.None, "vv:v"),
        new(Opcode.I32x4RelaxedDotI8x16I7x16AddS, "i32x4.relaxed_dot_i8x16_i7x16_add_s", Immediate.None, "vvv:v"),
    ];
}
