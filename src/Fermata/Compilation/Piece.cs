using Fermata.Binary;

namespace Fermata.Compilation;

/// <summary>A run of statements of a function that is compiled as a method of its own, which the rest of the function calls.</summary>
/// <remarks>
/// It takes the locals that it reads, and gives back those that it may have changed and that are read later. By which of several ways it was left, its first result says: zero for its end, if that
/// can be reached, and then one number for each label around, and for <c>return</c>. What branches and <c>return</c> carry comes last. All of this is WebAssembly: a piece suspends, throws and traps
/// as any function does.
/// </remarks>
/// <param name="number">Its number.</param>
/// <param name="function">The index of the function.</param>
/// <param name="type">Its parameters and results.</param>
/// <param name="added">The locals that the function does not have.</param>
internal sealed class Piece(int number, int function, FuncType type, IReadOnlyList<ValType> added) : CodeUnit(number, function, type)
{
    /// <summary>Where its instructions lie in the module.</summary>
    public required ByteRange Code { get; init; }

    /// <summary>The pieces that it calls in place of a part of its instructions, in the order of the code.</summary>
    public required Piece[] Inside { get; init; }

    /// <summary>The locals that are its parameters, ascending.</summary>
    public required int[] Parameters { get; init; }

    /// <summary>The locals that are its results, behind the way by which it was left.</summary>
    public required int[] Results { get; init; }

    /// <summary>The local of 32 bits that is a result with the way by which it was left, in the upper half of one value: a register, where other results go through memory. Null for none.</summary>
    public required PackedResult? Packed { get; init; }

    /// <summary>Whether control may come to its end.</summary>
    public required bool FallsThrough { get; init; }

    /// <summary>The ways by which branches and <c>return</c> leave it.</summary>
    public required PieceExit[] Branches { get; init; }

    public override IReadOnlyList<ValType> AddedLocals => added;

    /// <summary>By how many ways it may be left.</summary>
    public int Exits => (FallsThrough ? 1 : 0) + Branches.Length;

    public override long CountValues(ModuleCompiler module)
    {
        // To name a local takes two bytes. One of the pieces inside has a frame at a time, whose instructions count here.
        var values = Type.ParameterArray.Length + Type.ResultArray.Length;
        var inside = Inside.Select(piece => piece.CountValues(module) - (2L * piece.Code.Length)).DefaultIfEmpty().Max();
        return values + inside + (2L * Code.Length) + (Exits * (Type.ResultArray.Length + 4L));
    }

    public override int ParameterOf(int local)
    {
        var found = Array.BinarySearch(Parameters, local);
        return found < 0 ? -1 : found;
    }

    public override Inlining Read(ModuleCompiler module, InstructionList code)
    {
        new PieceWriter(module, this, code).WritePiece();
        return Inlining.None;
    }

    /// <summary>Adds the call of the piece to the code around it.</summary>
    public void AddCall(ModuleCompiler module, InstructionList code) => new PieceWriter(module, this, code).WriteCall();
}
