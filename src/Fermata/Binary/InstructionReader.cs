using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>Reads the instructions of one body or expression.</summary>
/// <remarks>Section 5.4 "Instructions". Reading a module's bytes after they were decoded once cannot fail.</remarks>
internal ref struct InstructionReader
{
    private ByteReader _bytes;

    public InstructionReader(ReadOnlySpan<byte> module, ByteRange range) => _bytes = new ByteReader(module, range.Offset, range.End);

    /// <summary>The byte offset of the next instruction.</summary>
    public readonly int Offset => _bytes.Position;

    /// <summary>Whether bytes are left.</summary>
    public readonly bool HasMore => !_bytes.IsAtEnd;

    /// <summary>Reads the next instruction. Fields that its immediates do not use keep older values.</summary>
    /// <exception cref="MalformedModuleException">The bytes are not an instruction.</exception>
    public void Read(ref Instruction instruction)
    {
        var offset = _bytes.Position;
        var opcode = _bytes.ReadByte();
        InstructionInfo? info;
        if (opcode is >= 0xFB and <= 0xFE)
        {
            var number = _bytes.ReadU32();
            info = InstructionTable.Find(opcode, number) ?? throw IllegalOpcode(offset, $"{opcode:x2} {number:x2}");
        }
        else
        {
            info = InstructionTable.Find(opcode) ?? throw IllegalOpcode(offset, $"{opcode:x2}");
        }

        instruction.Info = info;
        instruction.Offset = offset;
        if (info.Immediate != Immediate.None)
            ReadImmediate(ref instruction, info.Immediate);
    }

    private static MalformedModuleException IllegalOpcode(int offset, string opcode) => new($"illegal opcode {opcode}", offset);

    private void ReadImmediate(ref Instruction instruction, Immediate immediate)
    {
        switch (immediate)
        {
            case Immediate.BlockType:
                instruction.Block = ReadBlockType();
                break;
            case Immediate.Label or Immediate.Function or Immediate.Type or Immediate.Local or Immediate.Global or Immediate.Table
                or Immediate.Element or Immediate.Data or Immediate.Memory or Immediate.Tag:
                instruction.Index = _bytes.ReadIndex();
                break;
            case Immediate.TypeAndTable or Immediate.TwoTables or Immediate.ElementAndTable or Immediate.DataAndMemory or Immediate.TwoMemories
                or Immediate.TypeAndField or Immediate.TypeAndCount or Immediate.TwoTypes or Immediate.TypeAndData or Immediate.TypeAndElement:
                instruction.Index = _bytes.ReadIndex();
                instruction.Index2 = _bytes.ReadIndex();
                break;
            case Immediate.LabelTable:
                instruction.Labels = ReadLabels();
                break;
            case Immediate.MemoryArgument:
                ReadMemoryArgument(ref instruction);
                break;
            case Immediate.MemoryArgumentAndLane:
                ReadMemoryArgument(ref instruction);
                instruction.Lane = _bytes.ReadByte();
                break;
            case Immediate.I32:
                instruction.Bits = (ulong)(long)_bytes.ReadS32();
                break;
            case Immediate.I64:
                instruction.Bits = (ulong)_bytes.ReadS64();
                break;
            case Immediate.F32:
                instruction.Bits = _bytes.ReadFixed32();
                break;
            case Immediate.F64:
                instruction.Bits = _bytes.ReadFixed64();
                break;
            case Immediate.V128 or Immediate.Lanes:
                instruction.Vector = _bytes.ReadVector();
                break;
            case Immediate.Lane:
                instruction.Lane = _bytes.ReadByte();
                break;
            case Immediate.HeapType:
                instruction.Heap = TypeReader.ReadHeapType(ref _bytes);
                break;
            case Immediate.RefType:
                var nullable = instruction.Opcode is Opcode.RefTestNull or Opcode.RefCastNull;
                instruction.Type1 = ValType.Ref(nullable, TypeReader.ReadHeapType(ref _bytes));
                break;
            case Immediate.ResultTypes:
                instruction.Types = TypeReader.ReadValTypes(ref _bytes);
                break;
            case Immediate.LabelAndCast:
                ReadLabelAndCast(ref instruction);
                break;
            case Immediate.TryTable:
                instruction.Block = ReadBlockType();
                instruction.Catches = ReadCatches();
                break;
            case Immediate.Fence:
                if (_bytes.ReadByte() != 0)
                    throw new MalformedModuleException("zero byte expected", _bytes.Position - 1);
                break;
        }
    }

    /// <summary>A block type is a value type, or a type index as a 33-bit signed number.</summary>
    private BlockType ReadBlockType()
    {
        var first = _bytes.PeekByte();
        if (first == 0x40)
        {
            _bytes.ReadByte();
            return BlockType.Empty;
        }

        if ((first & 0xC0) == 0x40)
            return new BlockType(BlockTypeKind.Result, TypeReader.ReadValType(ref _bytes), -1);

        return new BlockType(BlockTypeKind.Type, default, TypeReader.ReadTypeIndexS33(ref _bytes));
    }

    private int[] ReadLabels()
    {
        var count = _bytes.ReadCount(1);
        var labels = new int[count + 1];
        for (var i = 0; i <= count; i++)
            labels[i] = _bytes.ReadIndex();
        return labels;
    }

    /// <summary>Section 5.4.5 "Memory Instructions": bit 6 of the alignment says that a memory index follows.</summary>
    private void ReadMemoryArgument(ref Instruction instruction)
    {
        var start = _bytes.Position;
        var flags = _bytes.ReadU32();
        if (flags >= 0x80)
            throw new MalformedModuleException("malformed memop flags", start);
        instruction.Index = (flags & 0x40) != 0 ? _bytes.ReadIndex() : 0;
        instruction.Alignment = (int)(flags & 0x3F);
        instruction.Bits = _bytes.ReadU64();
    }

    private void ReadLabelAndCast(ref Instruction instruction)
    {
        var start = _bytes.Position;
        var flags = _bytes.ReadByte();
        if (flags > 3)
            throw new MalformedModuleException("malformed br_on_cast flags", start);
        instruction.Index = _bytes.ReadIndex();
        instruction.Type1 = ValType.Ref((flags & 1) != 0, TypeReader.ReadHeapType(ref _bytes));
        instruction.Type2 = ValType.Ref((flags & 2) != 0, TypeReader.ReadHeapType(ref _bytes));
    }

    private CatchClause[] ReadCatches()
    {
        var clauses = new CatchClause[_bytes.ReadCount(2)];
        for (var i = 0; i < clauses.Length; i++)
        {
            var start = _bytes.Position;
            var kind = (CatchKind)_bytes.ReadByte();
            if (kind > CatchKind.CatchAllRef)
                throw new MalformedModuleException("malformed catch clause", start);
            var tag = kind.HasTag() ? _bytes.ReadIndex() : -1;
            clauses[i] = new CatchClause(kind, tag, _bytes.ReadIndex());
        }

        return clauses;
    }
}
