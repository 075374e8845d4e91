using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>Reads expressions for the first time: finds what is malformed, and where they end.</summary>
/// <param name="budget">What it may cost: a step for each instruction.</param>
internal sealed class ExpressionReader(LoadBudget budget)
{
    /// <summary>Which of the open blocks may still take an <c>else</c>, innermost last.</summary>
    private readonly List<bool> _openBlocks = [];
    private Instruction _instruction;

    /// <summary>Where in the expression that was read last the first instruction stands that names a data segment; -1 for none.</summary>
    public int DataIndexOffset { get; private set; }

    /// <summary>Reads up to and with the <c>end</c> that closes the expression (section 5.4.10 "Expressions").</summary>
    /// <param name="module">The bytes of the module.</param>
    /// <param name="start">The offset of the expression.</param>
    /// <exception cref="MalformedModuleException">The bytes are no expression.</exception>
    public ByteRange Read(ReadOnlySpan<byte> module, int start)
    {
        DataIndexOffset = -1;
        _openBlocks.Clear();
        _openBlocks.Add(false);
        var reader = new InstructionReader(module, new ByteRange(start, module.Length - start));
        while (_openBlocks.Count > 0)
        {
            budget.Spend();
            reader.Read(ref _instruction);
            switch (_instruction.Opcode)
            {
                case Opcode.Block or Opcode.Loop or Opcode.Try or Opcode.TryTable:
                    _openBlocks.Add(false);
                    break;
                case Opcode.If:
                    _openBlocks.Add(true);
                    break;
                case Opcode.Else:
                    if (!_openBlocks[^1])
                        throw new MalformedModuleException("END opcode expected", _instruction.Offset);
                    _openBlocks[^1] = false;
                    break;
                case Opcode.End or Opcode.Delegate:
                    _openBlocks.RemoveAt(_openBlocks.Count - 1);
                    break;
                case Opcode.MemoryInit or Opcode.DataDrop or Opcode.ArrayNewData or Opcode.ArrayInitData:
                    if (DataIndexOffset < 0)
                        DataIndexOffset = _instruction.Offset;
                    break;
            }
        }

        return new ByteRange(start, reader.Offset - start);
    }
}
