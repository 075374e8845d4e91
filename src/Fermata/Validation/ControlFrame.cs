using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>A block that is open at the instruction that is being checked (appendix "Validation Algorithm").</summary>
internal struct ControlFrame
{
    /// <summary>Block, Loop, If, Else, TryTable, Try, Catch or CatchAll.</summary>
    public Opcode Opcode;

    /// <summary>Whether the rest of the block cannot be reached, so that the operands below <see cref="Height"/> are of any type.</summary>
    public bool IsUnreachable;

    /// <summary>The height of the operand stack below the block.</summary>
    public int Height;

    /// <summary>How many locals had been initialized before the block.</summary>
    public int InitializedCount;

    public ValType[] Parameters;
    public ValType[] Results;

    /// <summary>The types that a branch to the block must bring.</summary>
    public readonly ValType[] LabelTypes => Opcode == Opcode.Loop ? Parameters : Results;
}
