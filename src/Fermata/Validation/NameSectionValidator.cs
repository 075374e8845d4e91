using Fermata.Binary;
using Fermata.Structure;

namespace Fermata.Validation;

/// <summary>Checks the section <c>name</c>, with the subsections that <see cref="NameSection"/> reads.</summary>
internal ref struct NameSectionValidator
{
    private readonly ModuleDefinition _module;
    private ByteReader _bytes;

    private NameSectionValidator(ModuleDefinition module, ByteRange content)
    {
        _module = module;
        _bytes = new ByteReader(module.Bytes.Span, content.Offset, content.End);
    }

    public static void Validate(ModuleDefinition module, ByteRange content)
    {
        var validator = new NameSectionValidator(module, content);
        validator.ReadSubsections();
    }

    /// <summary>Each subsection comes once at most, in the order of their ids.</summary>
    private void ReadSubsections()
    {
        var last = -1;
        while (!_bytes.IsAtEnd)
        {
            var offset = _bytes.Position;
            var id = _bytes.ReadByte();
            if (id <= last || id > (byte)NameSubsection.Tag)
                throw new MalformedModuleException("invalid name subsection id", offset);
            var size = _bytes.ReadLength();
            var start = _bytes.Position;
            ReadSubsection((NameSubsection)id);
            if (_bytes.Position != start + size)
                throw new MalformedModuleException("name subsection size mismatch", start);
            last = id;
        }
    }

    private void ReadSubsection(NameSubsection kind)
    {
        switch (kind)
        {
            case NameSubsection.Module:
                _bytes.ReadName();
                break;
            case NameSubsection.Local:
                ReadGroups(new Names("function", _module.Functions.Count), CountLocals, "local");
                break;
            case NameSubsection.Label:
                ReadGroups(new Names("function", _module.Functions.Count), CountLabels, "label");
                break;
            case NameSubsection.Field:
                ReadGroups(new Names("type", _module.Types.Count), CountFields, "field");
                break;
            default:
                ReadMap(NamesOf(kind));
                break;
        }
    }

    /// <summary>What has the names of a map: what messages call it, and how many there are.</summary>
    private readonly record struct Names(string Kind, long Count);

    private readonly Names NamesOf(NameSubsection kind) => kind switch
    {
        NameSubsection.Function => new("function", _module.Functions.Count),
        NameSubsection.Type => new("type", _module.Types.Count),
        NameSubsection.Table => new("table", _module.Tables.Count),
        NameSubsection.Memory => new("memory", _module.Memories.Count),
        NameSubsection.Global => new("global", _module.Globals.Count),
        NameSubsection.Element => new("element segment", _module.Elements.Count),
        NameSubsection.Data => new("data segment", _module.Data.Count),
        _ => new("tag", _module.Tags.Count),
    };

    private void ReadGroups(Names outer, Func<ModuleDefinition, int, long> countInner, string inner)
    {
        var last = -1;
        for (var count = _bytes.ReadU32(); count > 0; count--)
        {
            var index = ReadIndex(outer, last);
            ReadMap(new Names(inner, countInner(_module, index)));
            last = index;
        }
    }

    private void ReadMap(Names names)
    {
        var last = -1;
        for (var count = _bytes.ReadU32(); count > 0; count--)
        {
            last = ReadIndex(names, last);
            _bytes.ReadName();
        }
    }

    private int ReadIndex(Names names, int last)
    {
        var offset = _bytes.Position;
        var index = _bytes.ReadIndex();
        if (index == last)
            throw new MalformedModuleException($"custom @name: multiple {names.Kind} names", offset);
        if (index < last)
            throw new MalformedModuleException($"custom @name: {names.Kind} names are not in the order of their indices", offset);
        return index < names.Count ? index : throw new InvalidModuleException($"custom @name: invalid {names.Kind} index {index}", offset);
    }

    private static long CountLocals(ModuleDefinition module, int function)
    {
        var (type, body, _) = module.Functions[function];
        return ((FuncType)module.Types[type].Composite).Parameters.Count + (body?.Locals.Sum(group => group.Count) ?? 0L);
    }

    /// <summary>Labels are numbered by the order in which their blocks begin.</summary>
    private static long CountLabels(ModuleDefinition module, int function)
    {
        if (module.Functions[function].Body is not { } body)
            return 0;
        var instructions = new InstructionReader(module.Bytes.Span, body.Code);
        Instruction instruction = default;
        var count = 0L;
        while (instructions.HasMore)
        {
            instructions.Read(ref instruction);
            count += instruction.Opcode is Opcode.Block or Opcode.Loop or Opcode.If or Opcode.Try or Opcode.TryTable ? 1 : 0;
        }

        return count;
    }

    private static long CountFields(ModuleDefinition module, int type) =>
        module.Types[type].Composite is StructType structure ? structure.Fields.Length : 0;
}
