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

    /// <summary>For a loop in a resume form, how its call sites are reached.</summary>
    public Dispatch? Dispatch { get; set; }

    /// <summary>For a try whose body is being compiled, what it does with exceptions.</summary>
    public ExceptionHandler? Handler { get; init; }

    /// <summary>For a clause of the older try, the exception that it caught.</summary>
    public Variable? Caught { get; set; }

    /// <summary>For such a clause, where it goes on if the exception is not of its kind; null after <c>catch_all</c>.</summary>
    public Label? NextClause { get; init; }

    /// <summary>For such a clause, the handler that it is a part of.</summary>
    public ExceptionHandler? CaughtBy { get; init; }

    /// <summary>The handler around the instructions of the block.</summary>
    public required ExceptionHandler? BodyHandler { get; init; }

    /// <summary>What a branch carries, and into which variables.</summary>
    public Variable[] BranchValues => Opcode == Opcode.Loop ? Parameters : Results;
}
