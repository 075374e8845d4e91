using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>A row for a load or store: the value on the stack, the bytes in memory, the IL.</summary>
internal sealed record MemoryAccess(ValType Type, int Size, OpCode Access, OpCode? Conversion)
{
    private static readonly OpcodeTable<MemoryAccess> ByOpcode = new()
    {
        [Opcode.I32Load] = new(ValType.I32, 4, OpCodes.Ldind_I4, null),
        [Opcode.I64Load] = new(ValType.I64, 8, OpCodes.Ldind_I8, null),
        [Opcode.F32Load] = new(ValType.F32, 4, OpCodes.Ldind_R4, null),
        [Opcode.F64Load] = new(ValType.F64, 8, OpCodes.Ldind_R8, null),
        [Opcode.I32Load8S] = new(ValType.I32, 1, OpCodes.Ldind_I1, null),
        [Opcode.I32Load8U] = new(ValType.I32, 1, OpCodes.Ldind_U1, null),
        [Opcode.I32Load16S] = new(ValType.I32, 2, OpCodes.Ldind_I2, null),
        [Opcode.I32Load16U] = new(ValType.I32, 2, OpCodes.Ldind_U2, null),
        [Opcode.I64Load8S] = new(ValType.I64, 1, OpCodes.Ldind_I1, OpCodes.Conv_I8),
        [Opcode.I64Load8U] = new(ValType.I64, 1, OpCodes.Ldind_U1, OpCodes.Conv_U8),
        [Opcode.I64Load16S] = new(ValType.I64, 2, OpCodes.Ldind_I2, OpCodes.Conv_I8),
        [Opcode.I64Load16U] = new(ValType.I64, 2, OpCodes.Ldind_U2, OpCodes.Conv_U8),
        [Opcode.I64Load32S] = new(ValType.I64, 4, OpCodes.Ldind_I4, OpCodes.Conv_I8),
        [Opcode.I64Load32U] = new(ValType.I64, 4, OpCodes.Ldind_U4, OpCodes.Conv_U8),
        [Opcode.I32Store] = new(ValType.I32, 4, OpCodes.Stind_I4, null),
        [Opcode.I64Store] = new(ValType.I64, 8, OpCodes.Stind_I8, null),
        [Opcode.F32Store] = new(ValType.F32, 4, OpCodes.Stind_R4, null),
        [Opcode.F64Store] = new(ValType.F64, 8, OpCodes.Stind_R8, null),
        [Opcode.I32Store8] = new(ValType.I32, 1, OpCodes.Stind_I1, null),
        [Opcode.I32Store16] = new(ValType.I32, 2, OpCodes.Stind_I2, null),
        [Opcode.I64Store8] = new(ValType.I64, 1, OpCodes.Stind_I1, OpCodes.Conv_I4),
        [Opcode.I64Store16] = new(ValType.I64, 2, OpCodes.Stind_I2, OpCodes.Conv_I4),
        [Opcode.I64Store32] = new(ValType.I64, 4, OpCodes.Stind_I4, OpCodes.Conv_I4),
    };

    public static MemoryAccess Of(Opcode opcode) => ByOpcode[opcode]!;
}
