using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Writes the instructions of a <see cref="Piece"/>, and those that call it.</summary>
/// <param name="module">The compiler of the module.</param>
/// <param name="piece">The piece.</param>
/// <param name="code">Where they go.</param>
internal sealed class PieceWriter(ModuleCompiler module, Piece piece, InstructionList code)
{
    /// <summary>The first of the locals for the results of the function.</summary>
    private readonly int _firstResult = new LocalTypes(module, piece.Function).Count;
    private readonly int _resultCount = module.Types.FunctionSignature(piece.Function).ResultArray.Length;

    /// <summary>The exits that code of the piece branches to: the labels around, and <c>return</c>.</summary>
    private readonly int _branchExits = piece.Labels.Length + (piece.Returns ? 1 : 0);

    /// <summary>Writes the piece: a block for each exit around its instructions, and behind the end of each block what leaves the piece by this exit.</summary>
    public void WritePiece()
    {
        for (var i = 0; i < _branchExits; i++)
            Add(Opcode.Block);
        WriteInstructions();
        var exit = 0;
        if (piece.FallsThrough)
            WriteExit(exit++);
        for (var i = 0; i < _branchExits; i++)
        {
            Add(Opcode.End);
            WriteExit(exit++);
        }

        Add(Opcode.End);
    }

    /// <summary>Writes the call, and what goes on by the way that the piece was left.</summary>
    public void WriteCall()
    {
        var isTable = piece.Exits > 2 || (piece.Exits == 2 && piece.Returns);
        var blocks = !isTable ? 0 : (piece.FallsThrough ? 1 : 0) + (piece.Returns ? 1 : 0);
        for (var i = 0; i < blocks; i++)
            Add(Opcode.Block);
        foreach (var local in piece.Parameters)
            Add(Opcode.LocalGet, local);
        Add(Opcode.Call, piece.Number);
        for (var i = _resultCount - 1; i >= 0 && piece.Returns; i--)
            Add(Opcode.LocalSet, _firstResult + i);
        for (var i = piece.Results.Length - 1; i >= 0; i--)
            Add(Opcode.LocalSet, piece.Results[i]);
        if (isTable)
            WriteTable(blocks);
        else
            WriteBranches();
    }

    private void WriteTable(int blocks)
    {
        var labels = new List<int>();
        if (piece.FallsThrough)
            labels.Add(blocks - 1);
        labels.AddRange(piece.Labels.Select(label => label + blocks));
        if (piece.Returns)
            labels.Add(0);
        code.Add(New(Opcode.BrTable) with { Labels = [.. labels] });
        if (piece.Returns)
        {
            Add(Opcode.End);
            WriteReturn();
        }

        if (piece.FallsThrough)
            Add(Opcode.End);
    }

    /// <summary>Goes on where there are at most two ways.</summary>
    private void WriteBranches()
    {
        if (piece.Exits == 2)
            Add(Opcode.BrIf, piece.Labels[^1]);
        if (piece.FallsThrough)
            return;
        if (piece.Labels.Length > 0)
            Add(Opcode.Br, piece.Labels[0]);
        else if (piece.Returns)
            WriteReturn();
        else
            Add(Opcode.Unreachable);
    }

    private void WriteReturn()
    {
        for (var i = 0; i < _resultCount; i++)
            Add(Opcode.LocalGet, _firstResult + i);
        Add(Opcode.Return);
    }

    private void WriteExit(int exit)
    {
        if (piece.Exits > 1)
            code.Add(New(Opcode.I32Const) with { Bits = (ulong)exit });
        foreach (var local in piece.Results)
            Add(Opcode.LocalGet, local);
        for (var i = 0; i < _resultCount && piece.Returns; i++)
            Add(Opcode.LocalGet, _firstResult + i);
        Add(Opcode.Return);
    }

    private void WriteInstructions()
    {
        var depth = 0;
        var instruction = default(Instruction);
        var reader = new InstructionReader(module.Definition.Bytes.Span, piece.Code);
        while (reader.HasMore)
        {
            module.Budget.Spend();
            reader.Read(ref instruction);
            switch (instruction.Opcode)
            {
                case Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Try or Opcode.TryTable:
                    depth++;
                    break;
                case Opcode.End or Opcode.Delegate:
                    depth--;
                    break;
                case Opcode.Br or Opcode.BrIf or Opcode.BrOnNull or Opcode.BrOnNonNull or Opcode.BrOnCast or Opcode.BrOnCastFail:
                    instruction.Index = LabelOf(instruction.Index, depth);
                    break;
                case Opcode.BrTable:
                    instruction.Labels = Array.ConvertAll(instruction.Labels!, label => LabelOf(label, depth));
                    break;
                case Opcode.Return:
                    for (var i = _resultCount - 1; i >= 0; i--)
                        Add(Opcode.LocalSet, _firstResult + i);
                    instruction.Info = InstructionTable.Get(Opcode.Br);
                    instruction.Index = depth + _branchExits - 1;
                    break;
            }

            code.Add(instruction);
        }
    }

    /// <summary>The label by which code in so many blocks of the piece names a label that it names otherwise in the function.</summary>
    private int LabelOf(int label, int depth)
    {
        if (label < depth)
            return label;
        var exit = Array.BinarySearch(piece.Labels, label - depth);
        return depth + (exit < 0 ? _branchExits - 1 : exit);
    }

    private void Add(Opcode opcode, int index = 0) => code.Add(New(opcode) with { Index = index });

    private Instruction New(Opcode opcode) =>
        new() { Info = InstructionTable.Get(opcode), Offset = piece.Code.Offset, Block = new BlockType(BlockTypeKind.Empty, default, -1), IsAdded = true };
}
