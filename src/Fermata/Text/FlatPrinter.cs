using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>Prints instructions one on each line, in the order of the binary format.</summary>
internal sealed class FlatPrinter(ModuleDefinition module, InstructionPrinter printer, BranchHints hints, TextBuffer to)
{
    private Instruction _instruction;

    /// <summary>Prints a body, without its last <c>end</c>.</summary>
    public void Print(ByteRange range, int level)
    {
        var outermost = level;
        printer.Labels.Restart();
        var reader = new InstructionReader(module.Bytes.Span, range);
        while (reader.HasMore)
        {
            reader.Read(ref _instruction);
            switch (_instruction.Opcode)
            {
                case Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Try or Opcode.TryTable:
                    AppendLine(level++);
                    printer.Labels.Push();
                    break;
                case Opcode.Else or Opcode.Catch or Opcode.CatchAll:
                    AppendLine(level - 1);
                    break;
                case Opcode.End or Opcode.Delegate when level > outermost:
                    printer.Labels.Pop();
                    AppendLine(--level);
                    break;
                case Opcode.End:
                    break;
                default:
                    AppendLine(level);
                    break;
            }
        }
    }

    private void AppendLine(int level)
    {
        hints.Append(to, _instruction.Offset, level);
        to.NewLine(level);
        printer.Append(in _instruction, printer.Labels.Ordinal);
    }
}
