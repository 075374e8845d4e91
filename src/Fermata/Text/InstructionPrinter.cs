using System.Globalization;
using System.Runtime.Intrinsics;
using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>Prints an instruction without its operands: its keyword and immediates (section 6.5 "Instructions").</summary>
internal sealed class InstructionPrinter(ModuleDefinition module, PrintedNames names, TextBuffer to)
{
    private readonly TypePrinter _types = new(module, names, to);

    /// <summary>The labels of the blocks that are open.</summary>
    public LabelStack Labels { get; } = new(names);

    /// <summary>Appends an instruction. The label of a block is not open yet.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="ordinal">For a block, how many blocks of the function begin before it.</param>
    public void Append(ref readonly Instruction instruction, int ordinal)
    {
        to.Append(instruction.Info.Name);
        if (instruction.Info.Immediate != Immediate.None)
            AppendImmediate(in instruction, ordinal);
    }

    private void AppendImmediate(ref readonly Instruction instruction, int ordinal)
    {
        switch (instruction.Info.Immediate)
        {
            case Immediate.BlockType:
                Labels.AppendDefinition(to, ordinal);
                _types.Append(instruction.Block);
                break;
            case Immediate.TryTable:
                Labels.AppendDefinition(to, ordinal);
                _types.Append(instruction.Block);
                foreach (var clause in instruction.Catches!)
                    AppendCatch(clause);
                break;
            case Immediate.Label:
                AppendLabel(instruction.Index);
                break;
            case Immediate.LabelTable:
                foreach (var target in instruction.Labels!)
                    AppendLabel(target);
                break;
            case Immediate.LabelAndCast:
                AppendLabel(instruction.Index);
                AppendType(instruction.Type1);
                AppendType(instruction.Type2);
                break;
            case Immediate.TypeAndTable:
                AppendIndexUnlessFirst(NameSubsection.Table, instruction.Index2);
                _types.AppendTypeUse(instruction.Index);
                break;
            case Immediate.TypeAndField:
                AppendIndex(NameSubsection.Type, instruction.Index);
                to.Append(' ').Append(names.Fields(instruction.Index).Reference(instruction.Index2));
                break;
            case Immediate.TypeAndCount:
                AppendIndex(NameSubsection.Type, instruction.Index);
                to.Append(' ').Append(instruction.Index2);
                break;
            case Immediate.MemoryArgument:
                AppendMemoryArgument(in instruction);
                break;
            case Immediate.MemoryArgumentAndLane:
                AppendMemoryArgument(in instruction);
                to.Append(' ').Append(instruction.Lane);
                break;
            case Immediate.HeapType:
                to.Append(' ');
                _types.Append(instruction.Heap);
                break;
            case Immediate.RefType:
                AppendType(instruction.Type1);
                break;
            case Immediate.ResultTypes:
                _types.AppendList("result", instruction.Types!);
                break;
            case Immediate.I32 or Immediate.I64 or Immediate.F32 or Immediate.F64 or Immediate.V128 or Immediate.Lanes or Immediate.Lane:
                AppendConstant(in instruction);
                break;
            case Immediate.Fence:
                break;
            default:
                AppendIndices(in instruction);
                break;
        }
    }

    private void AppendConstant(ref readonly Instruction instruction)
    {
        switch (instruction.Info.Immediate)
        {
            case Immediate.I32 or Immediate.I64:
                to.Append(' ').Append((long)instruction.Bits);
                break;
            case Immediate.F32:
                to.Append(' ').Append(FloatLiteral.Format(BitConverter.UInt32BitsToSingle((uint)instruction.Bits)));
                break;
            case Immediate.F64:
                to.Append(' ').Append(FloatLiteral.Format(BitConverter.UInt64BitsToDouble(instruction.Bits)));
                break;
            case Immediate.V128:
                to.Append(" i32x4");
                for (var lane = 0; lane < 4; lane++)
                    to.Append(" 0x").Append(instruction.Vector.AsUInt32()[lane].ToString("x8", CultureInfo.InvariantCulture));
                break;
            case Immediate.Lanes:
                for (var lane = 0; lane < 16; lane++)
                    to.Append(' ').Append((long)instruction.Vector[lane]);
                break;
            default:
                to.Append(' ').Append((long)instruction.Lane);
                break;
        }
    }

    /// <summary>Immediates that are one or two indices. A table or memory that is the first one is left out.</summary>
    private void AppendIndices(ref readonly Instruction instruction)
    {
        var immediate = instruction.Info.Immediate;
        var (first, second) = IndexImmediates.Find(immediate);
        if (first is not { } space)
            throw new NotSupportedException($"the text printer does not know immediates of kind {immediate}");
        switch (immediate)
        {
            case Immediate.Table or Immediate.Memory:
                AppendIndexUnlessFirst(space, instruction.Index);
                break;
            case Immediate.TwoTables or Immediate.TwoMemories:
                if (instruction.Index == 0 && instruction.Index2 == 0)
                    break;
                AppendIndex(space, instruction.Index);
                AppendIndex(space, instruction.Index2);
                break;
            case Immediate.ElementAndTable or Immediate.DataAndMemory:
                AppendIndexUnlessFirst(second!.Value, instruction.Index2);
                AppendIndex(space, instruction.Index);
                break;
            default:
                AppendIndex(space, instruction.Index);
                if (second is { } otherSpace)
                    AppendIndex(otherSpace, instruction.Index2);
                break;
        }
    }

    private void AppendIndex(NameSubsection space, int index) => to.Append(' ').Append(names[space].Reference(index));

    private void AppendIndexUnlessFirst(NameSubsection space, int index)
    {
        if (index != 0)
            AppendIndex(space, index);
    }

    private void AppendLabel(int depth)
    {
        to.FlushIfLong();
        to.Append(' ');
        Labels.AppendReference(to, depth);
    }

    private void AppendType(ValType type)
    {
        to.Append(' ');
        _types.Append(type);
    }

    private void AppendMemoryArgument(ref readonly Instruction instruction)
    {
        AppendIndexUnlessFirst(NameSubsection.Memory, instruction.Index);
        if (instruction.Bits != 0)
            to.Append(" offset=").Append(instruction.Bits);
        if (instruction.Alignment != instruction.Info.Width)
            to.Append(" align=").Append(1UL << instruction.Alignment);
    }

    private void AppendCatch(CatchClause clause)
    {
        to.Append(clause.Kind switch
        {
            CatchKind.Catch => " (catch",
            CatchKind.CatchRef => " (catch_ref",
            CatchKind.CatchAll => " (catch_all",
            _ => " (catch_all_ref",
        });
        if (clause.Kind.HasTag())
            AppendIndex(NameSubsection.Tag, clause.Tag);
        AppendLabel(clause.Label);
        to.Append(')');
    }
}
