using Fermata.Structure;

namespace Fermata.Binary;

internal ref partial struct ModuleDecoder
{
    /// <summary>Section 5.5.13 "Code Section".</summary>
    private void ReadCodeSection()
    {
        var count = _bytes.ReadCount(1);
        for (var i = 0; i < count; i++)
        {
            _budget.Spend();
            var size = _bytes.ReadLength();
            var start = _bytes.Position;
            var locals = ReadLocals();
            var code = ReadInstructions(isFunctionBody: true);
            RequireSize(start, size);
            _bodies.Add((new FunctionBody(locals, code), start));
        }
    }

    private LocalGroup[] ReadLocals()
    {
        var start = _bytes.Position;
        var groups = new LocalGroup[_bytes.ReadCount(2)];
        var total = 0UL;
        for (var i = 0; i < groups.Length; i++)
        {
            _budget.Spend();
            var count = _bytes.ReadU32();
            groups[i] = new LocalGroup(count, TypeReader.ReadValType(ref _bytes));
            total += count;
        }

        if (total > uint.MaxValue)
            throw new MalformedModuleException("too many locals", start);
        return groups;
    }

    /// <summary>Section 5.4.10 "Expressions": a constant expression, or what is to become one in validation.</summary>
    private ByteRange ReadExpression() => ReadInstructions(isFunctionBody: false);

    /// <summary>Reads up to and with the <c>end</c> that closes the expression.</summary>
    private ByteRange ReadInstructions(bool isFunctionBody)
    {
        var start = _bytes.Position;
        var reader = new InstructionReader(_span, new ByteRange(start, _bytes.Left));
        _openBlocks.Clear();
        _openBlocks.Add(false);
        while (_openBlocks.Count > 0)
        {
            _budget.Spend();
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
                    if (isFunctionBody && _dataIndexOffset < 0)
                        _dataIndexOffset = _instruction.Offset;
                    break;
            }
        }

        _bytes.ReadBytes(reader.Offset - start);
        return new ByteRange(start, reader.Offset - start);
    }
}
