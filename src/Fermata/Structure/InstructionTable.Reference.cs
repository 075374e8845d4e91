namespace Fermata.Structure;

internal static partial class InstructionTable
{
    private static InstructionInfo[] Reference =>
    [
        new(Opcode.TableGet, "table.get", Immediate.Table, null),
        new(Opcode.TableSet, "table.set", Immediate.Table, null),
        new(Opcode.TableInit, "table.init", Immediate.ElementAndTable, null),
        new(Opcode.ElemDrop, "elem.drop", Immediate.Element, ":"),
        new(Opcode.TableCopy, "table.copy", Immediate.TwoTables, null),
        new(Opcode.TableGrow, "table.grow", Immediate.Table, null),
        new(Opcode.TableSize, "table.size", Immediate.Table, ":a"),
        new(Opcode.TableFill, "table.fill", Immediate.Table, null),
        new(Opcode.RefNull, "ref.null", Immediate.HeapType, null),
        new(Opcode.RefIsNull, "ref.is_null", Immediate.None, null),
        new(Opcode.RefFunc, "ref.func", Immediate.Function, null),
        new(Opcode.RefEq, "ref.eq", Immediate.None, null),
        new(Opcode.RefAsNonNull, "ref.as_non_null", Immediate.None, null),
        new(Opcode.RefTest, "ref.test", Immediate.RefType, null),
        new(Opcode.RefTestNull, "ref.test", Immediate.RefType, null),
        new(Opcode.RefCast, "ref.cast", Immediate.RefType, null),
        new(Opcode.RefCastNull, "ref.cast", Immediate.RefType, null),
        new(Opcode.BrOnCast, "br_on_cast", Immediate.LabelAndCast, null),
        new(Opcode.BrOnCastFail, "br_on_cast_fail", Immediate.LabelAndCast, null),
        new(Opcode.AnyConvertExtern, "any.convert_extern", Immediate.None, null),
        new(Opcode.ExternConvertAny, "extern.convert_any", Immediate.None, null),
        new(Opcode.RefI31, "ref.i31", Immediate.None, null),
        new(Opcode.I31GetS, "i31.get_s", Immediate.None, null),
        new(Opcode.I31GetU, "i31.get_u", Immediate.None, null),
    ];
}
