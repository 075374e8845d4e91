using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>An indirect call that is known to trap: what is left of one when all that it can call stands before it. There is none in modules.</summary>
internal static class FailingCall
{
    /// <summary>No byte has this number.</summary>
    public const Opcode Opcode = (Opcode)0x100;

    /// <summary>With the operands and immediates of <c>call_indirect</c>.</summary>
    public static readonly InstructionInfo Info = new(Opcode, "call_indirect", Immediate.TypeAndTable, null);
}
