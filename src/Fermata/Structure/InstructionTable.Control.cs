namespace Fermata.Structure;

internal static partial class InstructionTable
{
    private static InstructionInfo[] Control =>
    [
        new(Opcode.Unreachable, "unreachable", Immediate.None, null),
        new(Opcode.Nop, "nop", Immediate.None, ":"),
        new(Opcode.Block, "block", Immediate.BlockType, null),
        new(Opcode.Loop, "loop", Immediate.BlockType, null),
        new(Opcode.If, "if", Immediate.BlockType, null),
        new(Opcode.Else, "else", Immediate.None, null),

        // Exceptions as they were before version 3.0; Emscripten still emits them.
        new(Opcode.Try, "try", Immediate.BlockType, null),
        new(Opcode.Catch, "catch", Immediate.Tag, null),
        new(Opcode.Rethrow, "rethrow", Immediate.Label, null),
        new(Opcode.Delegate, "delegate", Immediate.Label, null),
        new(Opcode.CatchAll, "catch_all", Immediate.None, null),

        new(Opcode.Throw, "throw", Immediate.Tag, null),
        new(Opcode.ThrowRef, "throw_ref", Immediate.None, null),
        new(Opcode.End, "end", Immediate.None, null),
        new(Opcode.Br, "br", Immediate.Label, null),
        new(Opcode.BrIf, "br_if", Immediate.Label, null),
        new(Opcode.BrTable, "br_table", Immediate.LabelTable, null),
        new(Opcode.Return, "return", Immediate.None, null),
        new(Opcode.Call, "call", Immediate.Function, null),
        new(Opcode.CallIndirect, "call_indirect", Immediate.TypeAndTable, null),
        new(Opcode.ReturnCall, "return_call", Immediate.Function, null),
        new(Opcode.ReturnCallIndirect, "return_call_indirect", Immediate.TypeAndTable, null),
        new(Opcode.CallRef, "call_ref", Immediate.Type, null),
        new(Opcode.ReturnCallRef, "return_call_ref", Immediate.Type, null),
        new(Opcode.TryTable, "try_table", Immediate.TryTable, null),
        new(Opcode.BrOnNull, "br_on_null", Immediate.Label, null),
        new(Opcode.BrOnNonNull, "br_on_non_null", Immediate.Label, null),
    ];
}
