namespace Fermata.Structure;

internal static partial class InstructionTable
{
    private static InstructionInfo[] Variable =>
    [
        new(Opcode.Drop, "drop", Immediate.None, null),
        new(Opcode.Select, "select", Immediate.None, null),
        new(Opcode.SelectTyped, "select", Immediate.ResultTypes, null),
        new(Opcode.LocalGet, "local.get", Immediate.Local, null),
        new(Opcode.LocalSet, "local.set", Immediate.Local, null),
        new(Opcode.LocalTee, "local.tee", Immediate.Local, null),
        new(Opcode.GlobalGet, "global.get", Immediate.Global, null),
        new(Opcode.GlobalSet, "global.set", Immediate.Global, null),
    ];
}
