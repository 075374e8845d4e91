using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>Which instructions of a body or an expression stand around which in the folded form (section 6.5.11 "Folded Instructions").</summary>
/// <remarks>
/// An instruction takes its operands into its form if they are exactly the results of what comes right before it. Time is linear
/// and there is no recursion: a form is told by the first instruction in it.
/// </remarks>
internal sealed class FoldedTree
{
    /// <summary>The width of what does not fit on a line in any case.</summary>
    public const int TooWide = 1000;

    /// <summary>More labels than this do not stand on a line with other instructions.</summary>
    private const int LineLabels = 50;

    private readonly ModuleDefinition _module;
    private readonly BranchHints _hints;
    private readonly List<FoldedInstruction> _instructions = [];

    /// <summary>Prints instructions to see how wide they are.</summary>
    private readonly InstructionPrinter _printer;
    private readonly TextBuffer _printed = new();

    /// <summary>What may become operands, innermost block last: runs of forms with results, and where each run begins.</summary>
    private readonly List<(int First, int Results, int Width)> _operands = [];

    /// <summary>The open blocks: where the forms of their operands begin, how many operands lie below them, and their results.</summary>
    private readonly List<(int First, int Base, int Results)> _blocks = [];

    /// <summary>How many operands a branch to each open label takes.</summary>
    private readonly List<int> _labels = [];

    private Instruction _instruction;

    public FoldedTree(ModuleDefinition module, PrintedNames names, BranchHints hints)
    {
        _module = module;
        _hints = hints;
        _printer = new InstructionPrinter(module, names, _printed);
    }

    /// <summary>The instructions without the last <c>end</c>.</summary>
    public Span<FoldedInstruction> Instructions => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_instructions);

    /// <summary>Whether all is one form.</summary>
    public bool IsSingle => _instructions.Count > 0 && _instructions[0].Outermost == _instructions.Count - 1;

    /// <summary>Builds the tree of a body or an expression in place of the one before.</summary>
    /// <param name="range">The instructions up to and with the last <c>end</c>.</param>
    /// <param name="results">How many results they have.</param>
    public void Build(ByteRange range, int results)
    {
        _instructions.Clear();
        _operands.Clear();
        _labels.Clear();
        _labels.Add(results);
        _printer.Labels.Restart();
        var reader = new InstructionReader(_module.Bytes.Span, range);
        while (reader.HasMore)
        {
            reader.Read(ref _instruction);
            Add();
        }
    }

    private int Base => _blocks.Count == 0 ? 0 : _blocks[^1].Base;

    private void Add()
    {
        switch (_instruction.Opcode)
        {
            case Opcode.Block or Opcode.Loop or Opcode.TryTable:
                OpenBlock(FoldedKind.Block);
                break;
            case Opcode.If:
                OpenBlock(FoldedKind.If);
                break;
            case Opcode.Try:
                OpenBlock(FoldedKind.Try);
                break;
            case Opcode.Else or Opcode.Catch or Opcode.CatchAll:
                DropOperands();
                Append(FoldedKind.Clause);
                break;
            case Opcode.End or Opcode.Delegate when _blocks.Count > 0:
                CloseBlock();
                break;
            case Opcode.End:
                break;
            default:
                AddPlain();
                break;
        }
    }

    private void AddPlain()
    {
        var effect = StackEffect.Find(in _instruction, _module, _labels);
        var (first, width) = Take(effect?.Operands ?? 0, _instructions.Count);
        width = _hints.Has(_instruction.Offset) ? TooWide : Math.Min(TooWide, width + Measure() + 2);
        Append(FoldedKind.Plain, first, width);
        AddOperand(first, effect?.Results ?? 0, width);
    }

    /// <summary>The condition of an <c>if</c> goes into its form; the operands that a block takes stay before it.</summary>
    private void OpenBlock(FoldedKind kind)
    {
        var type = _instruction.Block;
        var function = type.Kind == BlockTypeKind.Type ? StackEffect.FuncType(_module, type.TypeIndex) : null;
        var parameters = function?.ParameterArray.Length ?? 0;
        var results = function?.ResultArray.Length ?? (type.Kind == BlockTypeKind.Result ? 1 : 0);

        var (first, _) = Take(kind == FoldedKind.If ? 1 : 0, _instructions.Count);
        Append(kind, first, TooWide);
        var (firstOperand, _) = Take(parameters, first);
        _blocks.Add((firstOperand, _operands.Count, results));
        _labels.Add(_instruction.Opcode == Opcode.Loop ? parameters : results);
        _printer.Labels.Push();
    }

    private void CloseBlock()
    {
        DropOperands();
        Append(_instruction.Opcode == Opcode.End ? FoldedKind.End : FoldedKind.Delegate);
        var (first, _, results) = _blocks[^1];
        _blocks.RemoveAt(_blocks.Count - 1);
        _labels.RemoveAt(_labels.Count - 1);
        _printer.Labels.Pop();
        AddOperand(first, results, TooWide);
    }

    /// <summary>The width of the instruction at hand without its operands.</summary>
    private int Measure()
    {
        if (_instruction is { Info.Immediate: Immediate.LabelTable, Labels.Length: > LineLabels })
            return TooWide;
        _printed.Clear();
        _printer.Append(in _instruction, -1);
        return _printed.Length;
    }

    /// <summary>Appends the instruction at hand as the end of a form that begins at an earlier instruction or with itself.</summary>
    private void Append(FoldedKind kind, int first, int width)
    {
        Append(kind);
        ref var begin = ref Instructions[first];
        ref var end = ref Instructions[^1];
        end.NextInside = begin.Outermost;
        end.Width = width;
        end.Ordinal = _printer.Labels.Ordinal;
        begin.Outermost = _instructions.Count - 1;
    }

    /// <summary>Appends the instruction at hand as one that has no form of its own.</summary>
    private void Append(FoldedKind kind) =>
        _instructions.Add(new FoldedInstruction { Kind = kind, Offset = _instruction.Offset, Outermost = -1, NextInside = -1 });

    /// <summary>Takes so many operands from the last forms, if they are exactly the results of these.</summary>
    /// <param name="count">How many.</param>
    /// <param name="self">The instruction that they are for.</param>
    /// <returns>Where they begin, and their width with a space after each; the instruction itself where it has none to itself.</returns>
    private (int First, int Width) Take(int count, int self)
    {
        var first = self;
        var width = 0;
        while (count > 0 && _operands.Count > Base)
        {
            var operand = _operands[^1];
            _operands.RemoveAt(_operands.Count - 1);
            count -= operand.Results;
            first = operand.First;
            width = Math.Min(TooWide, width + operand.Width + 1);
        }

        if (count == 0)
            return (first, width);
        DropOperands();
        return (self, 0);
    }

    /// <summary>What has no results stands alone, and so does all before it.</summary>
    private void AddOperand(int first, int results, int width)
    {
        if (results > 0)
            _operands.Add((first, results, width));
        else
            DropOperands();
    }

    private void DropOperands() => _operands.RemoveRange(Base, _operands.Count - Base);
}
