using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Fuzz.Rewriting;

/// <summary>Writes the body of a function anew, instruction by instruction, with further locals where they are needed.</summary>
internal sealed class BodyWriter
{
    private readonly ModuleDefinition _definition;
    private readonly FunctionBody _body;
    private readonly int _firstNewLocal;
    private readonly List<ValType> _newLocals = [];
    private readonly Dictionary<(ValType, int), int> _scratch = [];

    public BodyWriter(ModuleDefinition definition, int functionIndex)
    {
        _definition = definition;
        var function = definition.Functions[functionIndex];
        _body = function.Body!;
        Parameters = ((FuncType)definition.Types[function.TypeIndex].Composite).ParameterArray;
        _firstNewLocal = Parameters.Length + (int)_body.Locals.Sum(group => group.Count);
    }

    public delegate void InstructionVisitor(ref Instruction instruction, ReadOnlySpan<byte> bytes);

    /// <summary>What has been written of the instructions.</summary>
    public ByteWriter Code { get; } = new();

    public ValType[] Parameters { get; }

    public IReadOnlyList<LocalGroup> LocalGroups => _body.Locals;

    /// <summary>A local for short use; the same one for the same type and number.</summary>
    public int Scratch(ValType type, int number = 0)
    {
        if (_scratch.TryGetValue((type, number), out var index))
            return index;
        _newLocals.Add(type);
        return _scratch[(type, number)] = _firstNewLocal + _newLocals.Count - 1;
    }

    /// <summary>Shows every instruction, the last <c>end</c> included, to a visitor, which writes what is to stand there.</summary>
    public void Visit(InstructionVisitor visitor)
    {
        var bytes = _definition.Bytes.Span;
        var reader = new InstructionReader(bytes, _body.Code);
        var instruction = default(Instruction);
        while (reader.HasMore)
        {
            reader.Read(ref instruction);
            visitor(ref instruction, bytes[instruction.Offset..reader.Offset]);
        }
    }

    /// <summary>The body: locals and what has been written.</summary>
    public ByteWriter ToBody()
    {
        var body = new ByteWriter();
        var locals = new LocalsWriter();
        foreach (var (count, type) in _body.Locals)
            locals.Add(count, type);
        foreach (var type in _newLocals)
            locals.Add(1, type);
        locals.AppendTo(body);
        body.Append(Code);
        return body;
    }

    /// <summary>The body as it was.</summary>
    public ByteWriter CopyBody()
    {
        Code.Write(_definition.Bytes.Span.Slice(_body.Code.Offset, _body.Code.Length));
        return ToBody();
    }
}
