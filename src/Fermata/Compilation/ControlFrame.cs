using System.Reflection.Emit;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>A block that the compiler is in.</summary>
internal sealed class ControlFrame
{
    public required Opcode Opcode { get; init; }

    /// <summary>Where a branch goes: the head of a loop, the end of anything else.</summary>
    public required Label Target { get; init; }

    /// <summary>Where an <c>if</c> goes whose condition is false.</summary>
    public Label Else { get; init; }

    /// <summary>The height of the operand stack below the block's parameters.</summary>
    public required int Height { get; init; }

    public required Variable[] Parameters { get; init; }

    public required Variable[] Results { get; init; }

    /// <summary>Whether the end can be reached by a branch.</summary>
    public bool IsEndReached { get; set; }

    /// <summary>The region that <see cref="Target"/> is in.</summary>
    public required CodeRegion Region { get; init; }

    /// <summary>For a loop or a try in a resume form, how its call sites are reached.</summary>
    public Dispatch? Dispatch { get; set; }

    /// <summary>For a try, what it does with exceptions.</summary>
    public ExceptionHandler? Handler { get; init; }

    /// <summary>What a branch carries, and into which variables.</summary>
    public Variable[] BranchValues => Opcode == Opcode.Loop ? Parameters : Results;
}
