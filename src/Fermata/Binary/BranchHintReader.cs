using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>Reads and checks the section <c>metadata.code.branch_hint</c>: for functions, the offsets of branches and which way they mostly go.</summary>
internal ref struct BranchHintReader
{
    private const string Section = "@metadata.code.branch_hint section: ";
    private const string Annotation = "@metadata.code.branch_hint annotation: ";

    private readonly ModuleDefinition _module;
    private ByteReader _bytes;
    private readonly Dictionary<int, byte> _hints = [];
    private Instruction _instruction;
    private bool _hasEmptyList;

    private BranchHintReader(ModuleDefinition module, ByteRange content)
    {
        _module = module;
        _bytes = new ByteReader(module.Bytes.Span, content.Offset, content.End);
    }

    /// <summary>The hints, 0 or 1, by the byte offsets of the branches in the module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="content">The content of the section.</param>
    /// <param name="hasEmptyList">Whether hints are not all that it says: there are none, or none of a function that it lists.</param>
    /// <exception cref="MalformedModuleException">The bytes are no such section, or stand in the wrong place.</exception>
    /// <exception cref="InvalidModuleException">The section does not fit the module, which is valid.</exception>
    public static IReadOnlyDictionary<int, byte> Read(ModuleDefinition module, ByteRange content, out bool hasEmptyList)
    {
        if (module.Functions.Exists(function => function.Body is { } body && body.Code.Offset < content.Offset))
            throw new MalformedModuleException(Section + "comes after the code section", content.Offset);
        var reader = new BranchHintReader(module, content);
        reader.ReadFunctions();
        hasEmptyList = reader._hasEmptyList;
        return reader._hints;
    }

    private void ReadFunctions()
    {
        var last = -1;
        for (var count = ReadCount(); count > 0; count--)
        {
            var offset = _bytes.Position;
            var index = _bytes.ReadIndex();
            if (index >= _module.Functions.Count || _module.Functions[index] is not { Body: { } body } function)
                throw new InvalidModuleException($"{Section}invalid function index {index}", offset);
            if (index <= last)
                throw new InvalidModuleException(Section + "functions are not in the order of their indices", offset);
            ReadHints(function.Offset, body.Code);
            last = index;
        }

        if (!_bytes.IsAtEnd)
            throw new MalformedModuleException(Section + "unexpected bytes at the end", _bytes.Position);
    }

    private void ReadHints(int bodyStart, ByteRange code)
    {
        var instructions = new InstructionReader(_module.Bytes.Span, code);
        var last = -1L;
        for (var count = ReadCount(); count > 0; count--)
        {
            var offset = _bytes.Position;
            var target = bodyStart + (long)_bytes.ReadU32();
            if (target <= last)
                throw new InvalidModuleException(Annotation + "invalid order", offset);
            var value = ReadValue();
            while (instructions.Offset < target && instructions.HasMore)
                instructions.Read(ref _instruction);
            if (instructions.Offset != target || !instructions.HasMore)
                throw new MalformedModuleException(Section + "invalid offset", offset);
            instructions.Read(ref _instruction);
            if (_instruction.Opcode is not (Opcode.If or Opcode.BrIf))
                throw new InvalidModuleException(Annotation + "invalid target", offset);
            _hints.Add(_instruction.Offset, value);
            last = target;
        }
    }

    private uint ReadCount()
    {
        var count = _bytes.ReadU32();
        _hasEmptyList |= count == 0;
        return count;
    }

    private byte ReadValue()
    {
        var offset = _bytes.Position;
        if (_bytes.ReadU32() != 1)
            throw new MalformedModuleException(Section + "missing reserved byte", offset);
        return _bytes.ReadByte() is <= 1 and var value
            ? value
            : throw new MalformedModuleException(Section + "invalid hint value", offset + 1);
    }
}
