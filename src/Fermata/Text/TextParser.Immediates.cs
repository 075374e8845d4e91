using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Text;

/// <summary>What follows the keyword of an instruction.</summary>
internal sealed partial class TextParser
{
    private void WriteInstruction(ByteWriter to, InstructionInfo instruction)
    {
        instruction = ChooseOpcode(instruction);
        to.WriteOpcode(instruction.Opcode);
        if (instruction.Immediate != Immediate.None)
            WriteImmediate(to, instruction);
    }

    /// <summary>The one of several instructions with the same keyword that the immediates tell.</summary>
    private InstructionInfo ChooseOpcode(InstructionInfo first) => first.Opcode switch
    {
        Opcode.Select when _cursor.AtForm("result"u8) => InstructionTable.Get(Opcode.SelectTyped),
        Opcode.RefTest when AtNullableRefType() => InstructionTable.Get(Opcode.RefTestNull),
        Opcode.RefCast when AtNullableRefType() => InstructionTable.Get(Opcode.RefCastNull),
        _ => first,
    };

    private bool AtNullableRefType()
    {
        var start = _cursor.Position;
        var type = TakeRefType();
        _cursor.Position = start;
        return type.IsNullable;
    }

    private void WriteImmediate(ByteWriter to, InstructionInfo instruction)
    {
        switch (instruction.Immediate)
        {
            case Immediate.BlockType:
                ParseBlockType(to);
                break;
            case Immediate.TryTable:
                ParseBlockType(to);
                ParseCatches(to);
                break;
            case Immediate.Label:
                to.WriteUnsigned(TakeLabel());
                break;
            case Immediate.LabelTable:
                ParseLabelTable(to);
                break;
            case Immediate.LabelAndCast:
                ParseCastBranch(to);
                break;
            case Immediate.TypeAndTable:
                var table = TakeOptional(_tables);
                to.WriteUnsigned(TakeTypeUse(null, allowNames: false));
                to.WriteUnsigned(table);
                break;
            case Immediate.TypeAndField:
                ParseFieldIndex(to);
                break;
            case Immediate.TypeAndCount:
                to.WriteUnsigned(_types.Take(_cursor));
                to.WriteUnsigned(_cursor.TakeU32());
                break;
            case Immediate.MemoryArgument or Immediate.MemoryArgumentAndLane:
                ParseMemoryArgument(to, instruction.Width, hasLane: instruction.Immediate == Immediate.MemoryArgumentAndLane);
                break;
            case Immediate.HeapType:
                to.WriteHeapType(TakeHeapType());
                break;
            case Immediate.RefType:
                to.WriteHeapType(TakeRefType().Heap);
                break;
            case Immediate.ResultTypes:
                _signature.Clear();
                ParseSignature(_signature, null, allowNames: false);
                to.WriteValTypes(_signature.Results);
                break;
            case Immediate.Fence:
                to.WriteByte(0);
                break;
            case Immediate.I32 or Immediate.I64 or Immediate.F32 or Immediate.F64 or Immediate.V128 or Immediate.Lanes or Immediate.Lane:
                WriteConstant(to, instruction.Immediate);
                break;
            default:
                WriteIndices(to, instruction.Immediate);
                break;
        }
    }

    /// <summary>Immediates that are one or two indices. A table or memory that is not named is the first one.</summary>
    private void WriteIndices(ByteWriter to, Immediate immediate)
    {
        _module.NeedsDataCount |= immediate is Immediate.Data or Immediate.DataAndMemory or Immediate.TypeAndData;
        switch (immediate)
        {
            case Immediate.Table:
                to.WriteUnsigned(TakeOptional(_tables));
                break;
            case Immediate.Memory:
                to.WriteUnsigned(TakeOptional(_memories));
                break;
            case Immediate.TwoTables:
                WriteBothOrNone(to, _tables);
                break;
            case Immediate.TwoMemories:
                WriteBothOrNone(to, _memories);
                break;
            case Immediate.ElementAndTable:
                WriteSegmentAnd(to, _elements, _tables);
                break;
            case Immediate.DataAndMemory:
                WriteSegmentAnd(to, _data, _memories);
                break;
            case Immediate.TwoTypes:
                Write(to, _types, _types);
                break;
            case Immediate.TypeAndData:
                Write(to, _types, _data);
                break;
            case Immediate.TypeAndElement:
                Write(to, _types, _elements);
                break;
            default:
                to.WriteUnsigned(SpaceOf(immediate).Take(_cursor));
                break;
        }
    }

    private IndexSpace SpaceOf(Immediate immediate) => immediate switch
    {
        Immediate.Function => _functions,
        Immediate.Type => _types,
        Immediate.Local => _locals,
        Immediate.Global => _globals,
        Immediate.Element => _elements,
        Immediate.Data => _data,
        Immediate.Tag => _tags,
        _ => throw new NotSupportedException($"the text reader does not know immediates of kind {immediate}"),
    };

    private bool AtIndex => _cursor.Kind is TokenKind.Natural or TokenKind.Identifier;

    private uint TakeOptional(IndexSpace space) => AtIndex ? space.Take(_cursor) : 0;

    private void Write(ByteWriter to, IndexSpace first, IndexSpace second)
    {
        to.WriteUnsigned(first.Take(_cursor));
        to.WriteUnsigned(second.Take(_cursor));
    }

    private void WriteBothOrNone(ByteWriter to, IndexSpace space)
    {
        if (AtIndex)
        {
            Write(to, space, space);
            return;
        }

        to.WriteUnsigned(0);
        to.WriteUnsigned(0);
    }

    /// <summary>The text has the table or memory first, if at all, the binary format the segment.</summary>
    private void WriteSegmentAnd(ByteWriter to, IndexSpace segments, IndexSpace targets)
    {
        var hasTarget = AtIndex && _cursor.PeekKind(1) is TokenKind.Natural or TokenKind.Identifier;
        var target = hasTarget ? targets.Take(_cursor) : 0;
        to.WriteUnsigned(segments.Take(_cursor));
        to.WriteUnsigned(target);
    }

    private void ParseLabelTable(ByteWriter to)
    {
        var labels = new List<uint> { TakeLabel() };
        while (AtIndex)
            labels.Add(TakeLabel());
        to.WriteUnsigned((ulong)labels.Count - 1);
        foreach (var label in labels)
            to.WriteUnsigned(label);
    }

    /// <summary>Section 5.4.2 "Control Instructions": the flags hold the nullability of both types.</summary>
    private void ParseCastBranch(ByteWriter to)
    {
        var label = TakeLabel();
        var source = TakeRefType();
        var target = TakeRefType();
        to.WriteByte((byte)((source.IsNullable ? 1 : 0) | (target.IsNullable ? 2 : 0)));
        to.WriteUnsigned(label);
        to.WriteHeapType(source.Heap);
        to.WriteHeapType(target.Heap);
    }

    private void ParseCatches(ByteWriter to)
    {
        var clauses = new ByteWriter();
        var count = 0;
        for (; _cursor.Kind == TokenKind.LeftParen && TakeCatchKind() is { } kind; count++)
        {
            clauses.WriteByte((byte)kind);
            if (kind.HasTag())
                clauses.WriteUnsigned(_tags.Take(_cursor));
            clauses.WriteUnsigned(TakeLabel());
            _cursor.TakeClose();
        }

        to.WriteUnsigned((ulong)count);
        to.Write(clauses.Bytes);
    }

    private CatchKind? TakeCatchKind()
    {
        if (_cursor.TryTakeForm("catch"u8))
            return CatchKind.Catch;
        if (_cursor.TryTakeForm("catch_ref"u8))
            return CatchKind.CatchRef;
        if (_cursor.TryTakeForm("catch_all"u8))
            return CatchKind.CatchAll;
        return _cursor.TryTakeForm("catch_all_ref"u8) ? CatchKind.CatchAllRef : null;
    }

    private void ParseFieldIndex(ByteWriter to)
    {
        var offset = _cursor.Offset;
        var type = _types.Take(_cursor);
        to.WriteUnsigned(type);
        var fields = type < _definitions.Count ? _definitions[(int)type].Fields : null;
        if (fields is null && _cursor.Kind == TokenKind.Identifier)
            throw _cursor.Source.Malformed($"unknown type {type}: a field has a name only in a structure type", offset);
        to.WriteUnsigned(fields?.Take(_cursor) ?? _cursor.TakeU32());
    }
}
