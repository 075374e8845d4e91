using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Fuzz.Rewriting;

/// <summary>Writes a module anew with some of its sections changed or added to. Custom sections are dropped.</summary>
/// <remarks>What is added goes to the end of its index space, so that no index in the module changes.</remarks>
internal sealed class ModuleEditor
{
    private static readonly SectionId[] Order =
    [
        SectionId.Type, SectionId.Import, SectionId.Function, SectionId.Table, SectionId.Memory, SectionId.Tag, SectionId.Global,
        SectionId.Export, SectionId.Start, SectionId.Element, SectionId.DataCount, SectionId.Code, SectionId.Data,
    ];

    private readonly Dictionary<SectionId, ReadOnlyMemory<byte>> _sections = [];
    private readonly Dictionary<SectionId, (int Count, ByteWriter Entries)> _added = [];
    private readonly Dictionary<int, ByteWriter> _bodies = [];
    private readonly int _typeCount;

    /// <summary>Starts from a valid module.</summary>
    public ModuleEditor(ModuleDefinition definition)
    {
        Definition = definition;
        var reader = new ByteReader(definition.Bytes.Span, 8, definition.Bytes.Length);
        while (!reader.IsAtEnd)
        {
            var id = (SectionId)reader.ReadByte();
            var length = (int)reader.ReadU32();
            if (id != SectionId.Custom)
                _sections[id] = definition.Bytes.Slice(reader.Position, length);
            reader.ReadBytes(length);
        }

        _typeCount = definition.Types.Count;
    }

    public ModuleDefinition Definition { get; }

    /// <summary>Replaces the content of a section.</summary>
    public void Replace(SectionId id, ByteWriter content) => _sections[id] = content.Bytes.ToArray();

    /// <summary>Replaces the body of a function of the module: its locals and instructions.</summary>
    public void ReplaceBody(int functionIndex, ByteWriter body) => _bodies[functionIndex] = body;

    /// <summary>Adds a function type; gives its type index.</summary>
    public int AddType(IReadOnlyCollection<ValType> parameters, IReadOnlyCollection<ValType> results)
    {
        var (index, entry) = Add(SectionId.Type);
        entry.WriteByte(0x60);
        entry.WriteValTypes(parameters);
        entry.WriteValTypes(results);
        return _typeCount + index;
    }

    /// <summary>Adds a function; gives its function index.</summary>
    public int AddFunction(int typeIndex, ByteWriter body)
    {
        var (index, entry) = Add(SectionId.Function);
        entry.WriteUnsigned((ulong)typeIndex);
        Add(SectionId.Code).Entry.AppendSized(body);
        return Definition.Functions.Count + index;
    }

    /// <summary>Adds a mutable global of type i32; gives its index.</summary>
    public int AddGlobal(int value)
    {
        var (index, entry) = Add(SectionId.Global);
        entry.Write([0x7F, 0x01]);
        entry.I32Const(value);
        entry.WriteOpcode(Opcode.End);
        return Definition.Globals.Count + index;
    }

    public void AddExport(string name, ExternKind kind, int index)
    {
        var entry = Add(SectionId.Export).Entry;
        entry.WriteName(name);
        entry.WriteByte((byte)kind);
        entry.WriteUnsigned((ulong)index);
    }

    /// <summary>The module as it is now.</summary>
    public byte[] ToBytes()
    {
        if (_bodies.Count > 0)
            Replace(SectionId.Code, WriteBodies());
        var module = new ByteWriter();
        module.Write(Definition.Bytes.Span[..8]);
        foreach (var id in Order)
            WriteSection(module, id);
        return module.Bytes.ToArray();
    }

    private (int Index, ByteWriter Entry) Add(SectionId id)
    {
        var (count, entries) = _added.TryGetValue(id, out var added) ? added : (0, new ByteWriter());
        _added[id] = (count + 1, entries);
        return (count, entries);
    }

    private void WriteSection(ByteWriter module, SectionId id)
    {
        var hasContent = _sections.TryGetValue(id, out var content);
        var hasMore = _added.TryGetValue(id, out var added);
        if (!hasContent && !hasMore)
            return;
        module.WriteByte((byte)id);
        if (!hasMore)
        {
            module.WriteSized(content.Span);
            return;
        }

        var reader = new ByteReader(content.Span, 0, content.Length);
        var count = hasContent ? reader.ReadU32() : 0;
        var whole = new ByteWriter();
        whole.WriteUnsigned(count + (ulong)added.Count);
        whole.Write(content.Span[reader.Position..]);
        whole.Append(added.Entries);
        module.AppendSized(whole);
    }

    private ByteWriter WriteBodies()
    {
        var content = new ByteWriter();
        var first = Definition.ImportedFunctionCount;
        content.WriteUnsigned((ulong)(Definition.Functions.Count - first));
        for (var index = first; index < Definition.Functions.Count; index++)
            content.AppendSized(_bodies.TryGetValue(index, out var body) ? body : new BodyWriter(Definition, index).CopyBody());
        return content;
    }
}
