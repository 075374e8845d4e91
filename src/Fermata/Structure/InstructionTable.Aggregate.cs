namespace Fermata.Structure;

internal static partial class InstructionTable
{
    private static InstructionInfo[] Aggregate =>
    [
        new(Opcode.StructNew, "struct.new", Immediate.Type, null),
        new(Opcode.StructNewDefault, "struct.new_default", Immediate.Type, null),
        new(Opcode.StructGet, "struct.get", Immediate.TypeAndField, null),
        new(Opcode.StructGetS, "struct.get_s", Immediate.TypeAndField, null),
        new(Opcode.StructGetU, "struct.get_u", Immediate.TypeAndField, null),
        new(Opcode.StructSet, "struct.set", Immediate.TypeAndField, null),
        new(Opcode.ArrayNew, "array.new", Immediate.Type, null),
        new(Opcode.ArrayNewDefault, "array.new_default", Immediate.Type, null),
        new(Opcode.ArrayNewFixed, "array.new_fixed", Immediate.TypeAndCount, null),
        new(Opcode.ArrayNewData, "array.new_data", Immediate.TypeAndData, null),
        new(Opcode.ArrayNewElem, "array.new_elem", Immediate.TypeAndElement, null),
        new(Opcode.ArrayGet, "array.get", Immediate.Type, null),
        new(Opcode.ArrayGetS, "array.get_s", Immediate.Type, null),
        new(Opcode.ArrayGetU, "array.get_u", Immediate.Type, null),
        new(Opcode.ArraySet, "array.set", Immediate.Type, null),
        new(Opcode.ArrayLen, "array.len", Immediate.None, null),
        new(Opcode.ArrayFill, "array.fill", Immediate.Type, null),
        new(Opcode.ArrayCopy, "array.copy", Immediate.TwoTypes, null),
        new(Opcode.ArrayInitData, "array.init_data", Immediate.TypeAndData, null),
        new(Opcode.ArrayInitElem, "array.init_elem", Immediate.TypeAndElement, null),
    ];
}
