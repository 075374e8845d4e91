namespace Fermata.Structure;

internal static partial class InstructionTable
{
    private static InstructionInfo[] Memory =>
    [
        new(Opcode.I32Load, "i32.load", Immediate.MemoryArgument, "a:i", 2),
        new(Opcode.I64Load, "i64.load", Immediate.MemoryArgument, "a:l", 3),
        new(Opcode.F32Load, "f32.load", Immediate.MemoryArgument, "a:f", 2),
        new(Opcode.F64Load, "f64.load", Immediate.MemoryArgument, "a:d", 3),
        new(Opcode.I32Load8S, "i32.load8_s", Immediate.MemoryArgument, "a:i", 0),
        new(Opcode.I32Load8U, "i32.load8_u", Immediate.MemoryArgument, "a:i", 0),
        new(Opcode.I32Load16S, "i32.load16_s", Immediate.MemoryArgument, "a:i", 1),
        new(Opcode.I32Load16U, "i32.load16_u", Immediate.MemoryArgument, "a:i", 1),
        new(Opcode.I64Load8S, "i64.load8_s", Immediate.MemoryArgument, "a:l", 0),
        new(Opcode.I64Load8U, "i64.load8_u", Immediate.MemoryArgument, "a:l", 0),
        new(Opcode.I64Load16S, "i64.load16_s", Immediate.MemoryArgument, "a:l", 1),
        new(Opcode.I64Load16U, "i64.load16_u", Immediate.MemoryArgument, "a:l", 1),
        new(Opcode.I64Load32S, "i64.load32_s", Immediate.MemoryArgument, "a:l", 2),
        new(Opcode.I64Load32U, "i64.load32_u", Immediate.MemoryArgument, "a:l", 2),
        new(Opcode.I32Store, "i32.store", Immediate.MemoryArgument, "ai:", 2),
        new(Opcode.I64Store, "i64.store", Immediate.MemoryArgument, "al:", 3),
        new(Opcode.F32Store, "f32.store", Immediate.MemoryArgument, "af:", 2),
        new(Opcode.F64Store, "f64.store", Immediate.MemoryArgument, "ad:", 3),
        new(Opcode.I32Store8, "i32.store8", Immediate.MemoryArgument, "ai:", 0),
        new(Opcode.I32Store16, "i32.store16", Immediate.MemoryArgument, "ai:", 1),
        new(Opcode.I64Store8, "i64.store8", Immediate.MemoryArgument, "al:", 0),
        new(Opcode.I64Store16, "i64.store16", Immediate.MemoryArgument, "al:", 1),
        new(Opcode.I64Store32, "i64.store32", Immediate.MemoryArgument, "al:", 2),
        new(Opcode.MemorySize, "memory.size", Immediate.Memory, ":a"),
        new(Opcode.MemoryGrow, "memory.grow", Immediate.Memory, "a:a"),
        new(Opcode.MemoryInit, "memory.init", Immediate.DataAndMemory, null),
        new(Opcode.DataDrop, "data.drop", Immediate.Data, ":"),
        new(Opcode.MemoryCopy, "memory.copy", Immediate.TwoMemories, null),
        new(Opcode.MemoryFill, "memory.fill", Immediate.Memory, "aia:"),
    ];
}
