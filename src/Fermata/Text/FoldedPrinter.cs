using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>Prints instructions around their operands (section 6.5.11 "Folded Instructions"), on one line what fits on it.</summary>
internal sealed class FoldedPrinter(
    ModuleDefinition module, PrintedNames names, InstructionPrinter printer, BranchHints hints, TextBuffer to)
{
    private const int LineWidth = 100;

    private readonly FoldedTree _tree = new(module, names, hints);

    /// <summary>The kinds of the open blocks.</summary>
    private readonly Stack<FoldedKind> _blocks = new();
    private Instruction _instruction;
    private int _level;
    private int _end;

    /// <summary>The instruction whose form stands on one line, as all in it; -1 outside of one.</summary>
    private int _onOneLine;

    /// <summary>Prints a body, without its last <c>end</c>.</summary>
    public void Print(ByteRange range, int results, int level)
    {
        _tree.Build(range, results);
        _level = level;
        _onOneLine = -1;
        PrintTree(range);
    }

    /// <summary>Prints an expression on the line at hand.</summary>
    /// <param name="range">The expression.</param>
    /// <param name="keyword">The keyword of the form around it where it is not a single one; null for none.</param>
    public void PrintExpression(ByteRange range, string? keyword)
    {
        _tree.Build(range, 1);
        if (keyword is not null && !_tree.IsSingle)
            to.Append(" (").Append(keyword);
        _onOneLine = int.MaxValue;
        PrintTree(range);
        if (keyword is not null && !_tree.IsSingle)
            to.Append(')');
    }

    private void PrintTree(ByteRange range)
    {
        _end = range.End;
        printer.Labels.Restart();
        var instructions = _tree.Instructions;
        for (var i = 0; i < instructions.Length; i++)
        {
            for (var form = instructions[i].Outermost; form >= 0; form = instructions[form].NextInside)
                Open(in instructions[form], form);
            Step(in instructions[i], i);
        }
    }

    /// <summary>Prints what of an instruction comes after its operands.</summary>
    private void Step(ref readonly FoldedInstruction instruction, int index)
    {
        switch (instruction.Kind)
        {
            case FoldedKind.Plain:
                Close(index);
                break;
            case FoldedKind.Block or FoldedKind.If or FoldedKind.Try:
                printer.Labels.Push();
                _blocks.Push(instruction.Kind);
                if (instruction.Kind != FoldedKind.Block)
                    OpenClause().Append(instruction.Kind == FoldedKind.If ? "then" : "do");
                break;
            case FoldedKind.Clause:
                Close(index);
                OpenClause();
                AppendInstruction(in instruction);
                break;
            case FoldedKind.Delegate:
                Close(index);
                printer.Labels.Pop();
                _blocks.Pop();
                OpenClause();
                AppendInstruction(in instruction);
                Close(index);
                Close(index);
                break;
            case FoldedKind.End:
                printer.Labels.Pop();
                if (_blocks.Pop() != FoldedKind.Block)
                    Close(index);
                Close(index);
                break;
        }
    }

    private void Open(ref readonly FoldedInstruction instruction, int index)
    {
        if (_onOneLine >= 0)
        {
            to.FlushIfLong();
            to.Append(' ');
        }
        else
        {
            hints.Append(to, instruction.Offset, _level);
            to.NewLine(_level);
            if (TextBuffer.Indentation(_level) + instruction.Width <= LineWidth)
                _onOneLine = index;
            else
                _level++;
        }

        to.Append('(');
        AppendInstruction(in instruction);
    }

    private void Close(int index)
    {
        to.Append(')');
        if (_onOneLine < 0)
            _level--;
        else if (_onOneLine == index)
            _onOneLine = -1;
    }

    private TextBuffer OpenClause() => to.NewLine(_level++).Append('(');

    private void AppendInstruction(ref readonly FoldedInstruction instruction)
    {
        var reader = new InstructionReader(module.Bytes.Span, new ByteRange(instruction.Offset, _end - instruction.Offset));
        reader.Read(ref _instruction);
        printer.Append(in _instruction, instruction.Ordinal);
    }
}
