using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>Writes instructions, their indices mapped: the inverse of <see cref="InstructionReader"/>.</summary>
/// <remarks>Section 5.4 "Instructions". What has several encodings gets the shortest.</remarks>
internal readonly struct InstructionWriter(ByteWriter to, IndexMap indices)
{
    private readonly TypeWriter _types = new(to, indices);

    /// <summary>Writes the instructions of a body or an expression, to their end.</summary>
    public void WriteAll(ReadOnlySpan<byte> module, ByteRange range)
    {
        var reader = new InstructionReader(module, range);
        var instruction = default(Instruction);
        while (reader.HasMore)
        {
            reader.Read(ref instruction);
            Write(in instruction);
        }
    }

    public void Write(ref readonly Instruction instruction)
    {
        to.WriteOpcode(instruction.Opcode);
        if (instruction.Info.Immediate != Immediate.None)
            WriteImmediate(in instruction);
    }

    private void WriteImmediate(ref readonly Instruction instruction)
    {
        switch (instruction.Info.Immediate)
        {
            case Immediate.BlockType:
                _types.Write(instruction.Block);
                break;
            case Immediate.TryTable:
                _types.Write(instruction.Block);
                WriteCatches(instruction.Catches!);
                break;
            case Immediate.LabelTable:
                WriteLabels(instruction.Labels!);
                break;
            case Immediate.TypeAndCount:
                _types.WriteTypeIndex(instruction.Index);
                to.WriteUnsigned((ulong)instruction.Index2);
                break;
            case Immediate.MemoryArgument:
                WriteMemoryArgument(in instruction);
                break;
            case Immediate.MemoryArgumentAndLane:
                WriteMemoryArgument(in instruction);
                to.WriteByte(instruction.Lane);
                break;
            case Immediate.I32 or Immediate.I64:
                to.WriteSigned((long)instruction.Bits);
                break;
            case Immediate.F32:
                to.WriteFixed32((uint)instruction.Bits);
                break;
            case Immediate.F64:
                to.WriteFixed64(instruction.Bits);
                break;
            case Immediate.V128 or Immediate.Lanes:
                to.WriteVector(instruction.Vector);
                break;
            case Immediate.Lane:
                to.WriteByte(instruction.Lane);
                break;
            case Immediate.HeapType:
                _types.Write(instruction.Heap);
                break;
            case Immediate.RefType:
                _types.Write(instruction.Type1.Heap);
                break;
            case Immediate.ResultTypes:
                _types.Write(instruction.Types!);
                break;
            case Immediate.LabelAndCast:
                WriteLabelAndCast(in instruction);
                break;
            case Immediate.Fence:
                to.WriteByte(0);
                break;
            default:
                WriteIndices(in instruction);
                break;
        }
    }

    private void WriteIndices(ref readonly Instruction instruction)
    {
        var (first, second) = IndexImmediates.Find(instruction.Info.Immediate);
        if (first is not { } space)
            throw new NotSupportedException($"the writer does not know immediates of kind {instruction.Info.Immediate}");
        WriteIndex(space, instruction.Index);
        if (second is { } otherSpace)
            WriteIndex(otherSpace, instruction.Index2);
    }

    private void WriteIndex(NameSubsection space, int index) => to.WriteUnsigned((ulong)indices.Map(space, index));

    /// <summary>Section 5.4.5 "Memory Instructions": bit 6 of the alignment says that a memory index follows; the first memory needs none.</summary>
    private void WriteMemoryArgument(ref readonly Instruction instruction)
    {
        var memory = indices.Map(NameSubsection.Memory, instruction.Index);
        to.WriteUnsigned((ulong)(memory == 0 ? instruction.Alignment : instruction.Alignment | 0x40));
        if (memory != 0)
            to.WriteUnsigned((ulong)memory);
        to.WriteUnsigned(instruction.Bits);
    }

    /// <summary>The last label, the default, is not counted.</summary>
    private void WriteLabels(int[] labels)
    {
        to.WriteUnsigned((ulong)labels.Length - 1);
        foreach (var label in labels)
            to.WriteUnsigned((ulong)label);
    }

    private void WriteLabelAndCast(ref readonly Instruction instruction)
    {
        to.WriteByte((byte)((instruction.Type1.IsNullable ? 1 : 0) | (instruction.Type2.IsNullable ? 2 : 0)));
        to.WriteUnsigned((ulong)instruction.Index);
        _types.Write(instruction.Type1.Heap);
        _types.Write(instruction.Type2.Heap);
    }

    private void WriteCatches(CatchClause[] clauses)
    {
        to.WriteUnsigned((ulong)clauses.Length);
        foreach (var clause in clauses)
        {
            to.WriteByte((byte)clause.Kind);
            if (clause.Kind.HasTag())
                WriteIndex(NameSubsection.Tag, clause.Tag);
            to.WriteUnsigned((ulong)clause.Label);
        }
    }
}
