using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Writes the instructions of a <see cref="Piece"/>, and those that call it.</summary>
/// <param name="module">The compiler of the module.</param>
/// <param name="piece">The piece.</param>
/// <param name="code">Where they go.</param>
internal sealed class PieceWriter(ModuleCompiler module, Piece piece, InstructionList code)
{
    private const int HalfBits = 32;

    private readonly PieceExit[] _branches = piece.Branches;

    /// <summary>The locals that are the results, behind the way by which the piece was left.</summary>
    private readonly int[] _results = [.. piece.Results, .. piece.Branches.SelectMany(branch => branch.Locals)];

    /// <summary>Writes the piece: a block for each branch that leaves it around its instructions, and behind the end of each block what leaves it by this way.</summary>
    public void WritePiece()
    {
        for (var i = _branches.Length - 1; i >= 0; i--)
            Add(Opcode.Block, block: _branches[i].Block);
        WriteInstructions();
        var exit = 0;
        if (piece.FallsThrough)
            WriteExit(exit++);
        foreach (var branch in _branches)
        {
            Add(Opcode.End);
            if (!branch.Returns)
                Set(branch.Locals);
            WriteExit(exit++);
        }

        Add(Opcode.End);
    }

    /// <summary>Writes the call, and what goes on by the way that the piece was left.</summary>
    public void WriteCall()
    {
        // Ways on which there is more to do than to branch have a block, at whose end it is done; the end of the piece has the outermost one.
        var steps = Array.FindAll(_branches, branch => branch.IsStep);
        var isTable = piece.Exits > 2 || (piece.Exits == 2 && steps.Length > 0);
        var blocks = !isTable ? 0 : steps.Length + (piece.FallsThrough ? 1 : 0);
        for (var i = 0; i < blocks; i++)
            Add(Opcode.Block);
        Get(piece.Parameters);
        Add(Opcode.Call, piece.Number);
        Set(_results);
        if (piece.Packed is { } packed)
            Unpack(packed);
        if (isTable)
            WriteTable(steps, blocks);
        else
            WriteBranches();
    }

    private void WriteTable(PieceExit[] steps, int blocks)
    {
        var labels = _branches.Select(branch => branch.IsStep ? Array.IndexOf(steps, branch) : branch.Depth + blocks);
        code.Add(New(Opcode.BrTable) with { Labels = piece.FallsThrough ? [blocks - 1, .. labels] : [.. labels] });
        for (var i = 0; i < steps.Length; i++)
        {
            Add(Opcode.End);
            WriteBranch(steps[i], blocks - 1 - i);
        }

        if (piece.FallsThrough)
            Add(Opcode.End);
    }

    /// <summary>Goes on where there are at most two ways.</summary>
    private void WriteBranches()
    {
        if (piece.Exits == 2)
            Add(Opcode.BrIf, _branches[^1].Depth);
        if (piece.Exits == 0)
            Add(Opcode.Unreachable);
        else if (!piece.FallsThrough)
            WriteBranch(_branches[0], 0);
    }

    /// <summary>Does what was the branch in the piece, in so many blocks more than those around the piece.</summary>
    private void WriteBranch(PieceExit branch, int blocks)
    {
        Get(branch.Locals);
        if (branch.Returns)
            Add(Opcode.Return);
        else
            Add(Opcode.Br, branch.Depth + blocks);
    }

    private void WriteExit(int exit)
    {
        if (piece.Packed is { } packed)
            Pack(packed, exit);
        else if (piece.Exits > 1)
            AddConstant(Opcode.I32Const, exit);
        Get(_results);
        Add(Opcode.Return);
    }

    private void Pack(PackedResult packed, int exit)
    {
        Add(Opcode.LocalGet, packed.Local);
        Add(Opcode.I64ExtendI32U);
        AddConstant(Opcode.I64Const, HalfBits);
        Add(Opcode.I64Shl);
        AddConstant(Opcode.I64Const, exit);
        Add(Opcode.I64Or);
    }

    /// <summary>Takes the packed result, and leaves the way by which the piece was left.</summary>
    private void Unpack(PackedResult packed)
    {
        Add(Opcode.LocalTee, packed.Pair);
        AddConstant(Opcode.I64Const, HalfBits);
        Add(Opcode.I64ShrU);
        Add(Opcode.I32WrapI64);
        Add(Opcode.LocalSet, packed.Local);
        Add(Opcode.LocalGet, packed.Pair);
        Add(Opcode.I32WrapI64);
    }

    private void WriteInstructions()
    {
        var own = new InstructionList();
        own.Read(module, piece.Code, piece.Inside);
        var depth = 0;
        for (var i = 0; i < own.Count; i++)
        {
            module.Budget.Spend();
            var instruction = own[i];
            depth += instruction.Info.DepthChange;
            if (instruction.Info.IsBranch)
                instruction.Index = LabelOf(instruction.Index, depth);
            if (instruction.Opcode == Opcode.BrTable)
                instruction.Labels = Array.ConvertAll(instruction.Labels!, label => LabelOf(label, depth));
            if (instruction.Opcode == Opcode.Return)
            {
                // Its values may have more below them.
                Set(_branches[^1].Locals);
                instruction.Info = InstructionTable.Get(Opcode.Br);
                instruction.Index = depth + _branches.Length - 1;
            }

            code.Add(instruction);
        }
    }

    /// <summary>The label by which code in so many blocks of the piece names a label that it names otherwise in the function.</summary>
    private int LabelOf(int label, int depth)
    {
        if (label < depth)
            return label;
        var exit = Array.FindIndex(_branches, branch => branch.Depth == label - depth);
        return depth + (exit < 0 ? _branches.Length - 1 : exit);
    }

    private void Get(int[] locals) => Array.ForEach(locals, local => Add(Opcode.LocalGet, local));

    /// <summary>Takes values, the last of which is on top.</summary>
    private void Set(int[] locals)
    {
        for (var i = locals.Length - 1; i >= 0; i--)
            Add(Opcode.LocalSet, locals[i]);
    }

    private void Add(Opcode opcode, int index = 0, BlockType? block = null) =>
        code.Add(New(opcode) with { Index = index, Block = block ?? BlockType.Empty });

    private void AddConstant(Opcode opcode, int value) => code.Add(New(opcode) with { Bits = (ulong)value });

    private Instruction New(Opcode opcode) => new() { Info = InstructionTable.Get(opcode), Offset = piece.Code.Offset, IsAdded = true };
}
