using Fermata.Structure;

namespace Fermata.Compilation;

/// <summary>Finds out what cannot be in a piece unless more of the code around it is in the same one.</summary>
/// <remarks>
/// A piece can be left by a branch, also by one that carries values to the end of a block. It cannot pass on values to a loop or to a block that has parameters, nor the many labels of a <c>br_table</c> as an interpreter's loop has it, nor exceptions to handlers around it, nor make
/// a call in place of the function's return.
/// </remarks>
internal sealed class PieceObstacles
{
    /// <summary>How many labels around a piece may be branched to from one instruction.</summary>
    private const int MostLabels = 8;

    /// <summary>Where the function begins, as if it were a block.</summary>
    private const int Function = -1;

    /// <summary>What no block around helps.</summary>
    private const int Nothing = -2;

    private readonly ModuleCompiler _module;
    private readonly InstructionList _code;
    private readonly FuncType _type;

    /// <summary>The blocks that are open, by where they begin.</summary>
    private readonly List<int> _blocks = [Function];

    /// <summary>For each instruction, where the outermost block begins that it must be in one piece with; for one that begins a block, of all instructions in it.</summary>
    private readonly int[] _outermost;

    /// <summary>The same for the open blocks, as far as they were looked at.</summary>
    private readonly List<int> _inBlocks = [int.MaxValue];

    public PieceObstacles(ModuleCompiler module, InstructionList code, FuncType type)
    {
        _module = module;
        _code = code;
        _type = type;
        _outermost = new int[code.Count];
        for (var i = 0; i < code.Count; i++)
        {
            _module.Budget.Spend();
            Step(i);
        }
    }

    /// <summary>Whether an instruction, or the block that it begins, can be in a piece without the blocks around it.</summary>
    public bool Allow(int position) => _outermost[position] >= position;

    private void Step(int position)
    {
        ref readonly var instruction = ref _code[position];
        _outermost[position] = int.MaxValue;
        switch (instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Try or Opcode.TryTable:
                foreach (var clause in instruction.Opcode == Opcode.TryTable ? instruction.Catches! : [])
                    Note(position, _blocks[^(clause.Label + 1)]);
                _blocks.Add(position);
                _inBlocks.Add(_outermost[position]);
                return;
            case Opcode.End or Opcode.Delegate:
                var block = _blocks[^1];
                var inBlock = _inBlocks[^1];
                _blocks.RemoveAt(_blocks.Count - 1);
                _inBlocks.RemoveAt(_inBlocks.Count - 1);
                if (block == Function)
                    return;
                if (instruction.Opcode == Opcode.Delegate)
                    inBlock = Math.Min(inBlock, _blocks[^(instruction.Index + 1)]);
                _outermost[block] = inBlock;
                _inBlocks[^1] = Math.Min(_inBlocks[^1], inBlock);
                return;
            case Opcode.ReturnCall or Opcode.ReturnCallIndirect or Opcode.ReturnCallRef:
                Note(position, Nothing);
                break;
            case Opcode.Rethrow:
                Note(position, _blocks[^(instruction.Index + 1)]);
                break;
            case var _ when instruction.Info.IsBranch:
                if (!IsExit(instruction.Index))
                    Note(position, _blocks[^(instruction.Index + 1)]);
                break;
            case Opcode.BrTable:
                var labels = instruction.Labels!.Distinct().ToList();
                if (labels.Count > MostLabels || !labels.TrueForAll(IsExit))
                    Note(position, _blocks[^(labels.Max() + 1)]);
                break;
        }

        _inBlocks[^1] = Math.Min(_inBlocks[^1], _outermost[position]);
    }

    private void Note(int position, int block) => _outermost[position] = Math.Min(_outermost[position], block);

    /// <summary>Whether a piece can be left by a branch to a label.</summary>
    private bool IsExit(int label)
    {
        var start = _blocks[^(label + 1)];
        if (start == Function)
            return _type.ResultArray.Length == 0;
        ref readonly var block = ref _code[start];
        return _module.Types.BlockParameters(block.Block).Length == 0;
    }
}
