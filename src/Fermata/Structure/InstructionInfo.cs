namespace Fermata.Structure;

/// <summary>A row of the instruction table.</summary>
/// <param name="Opcode">The opcode; with a prefix byte, the prefix shifted left by 12 bits and the number after it.</param>
/// <param name="Name">The keyword of the text format.</param>
/// <param name="Immediate">What follows the opcode.</param>
/// <param name="Signature">
/// Operands and results, "ii:i": i i32, l i64, f f32, d f64, v v128, a the address type of the memory or table named by the
/// instruction. Null where the types depend on more than the opcode.
/// </param>
/// <param name="Width">For loads and stores, the exponent of the natural alignment; for an access to a lane, that of the lane's bytes.</param>
internal sealed record InstructionInfo(Opcode Opcode, string Name, Immediate Immediate, string? Signature, int Width = 0)
{
    /// <summary>The prefix byte, or zero.</summary>
    public int Prefix => (int)Opcode >> 12;

    /// <summary>The number after the prefix byte, or the opcode.</summary>
    public int Number => (int)Opcode & 0xFFF;

    /// <summary>By how many there are more blocks around the next instruction than around this one: one where a block begins, minus one where it ends.</summary>
    public int DepthChange => Opcode switch
    {
        Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Try or Opcode.TryTable => 1,
        Opcode.End or Opcode.Delegate => -1,
        _ => 0,
    };

    /// <summary>Whether it may branch to the label that is its index.</summary>
    public bool IsBranch => Opcode is Opcode.Br or Opcode.BrIf or Opcode.BrOnNull or Opcode.BrOnNonNull or Opcode.BrOnCast or Opcode.BrOnCastFail;
}
