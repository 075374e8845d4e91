using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>Checks the section <c>name</c>, with the subsections that <see cref="NameSection"/> reads.</summary>
/// <remarks>What is wrong in a subsection ends that one, here as there, and those behind it are read all the same.</remarks>
internal ref struct NameSectionValidator
{
    private readonly ModuleDefinition _module;
    private readonly ByteRange _content;
    private readonly List<ModuleException> _problems = [];

    /// <summary>The subsection at hand.</summary>
    private ByteReader _bytes;

    private bool _hasEmptyMap;

    private NameSectionValidator(ModuleDefinition module, ByteRange content)
    {
        _module = module;
        _content = content;
    }

    /// <summary>What is wrong: at most one problem of each subsection, and two of how they follow one another.</summary>
    public static IReadOnlyList<ModuleException> FindProblems(ModuleDefinition module, ByteRange content)
    {
        var validator = new NameSectionValidator(module, content);
        validator.ReadSubsections();
        return validator._problems;
    }

    /// <summary>Whether names are all that the section says: nothing is wrong in it, and nothing is empty.</summary>
    public static bool HasNamesOnly(ModuleDefinition module, ByteRange content)
    {
        var validator = new NameSectionValidator(module, content);
        validator.ReadSubsections();
        return content.Length > 0 && validator._problems.Count == 0 && !validator._hasEmptyMap;
    }

    private void ReadSubsections()
    {
        var section = new ByteReader(_module.Bytes.Span, _content.Offset, _content.End);
        try
        {
            ReadSubsections(ref section);
        }
        catch (MalformedModuleException e)
        {
            Add(e);
        }
    }

    /// <summary>Each subsection comes once at most, in the order of their ids.</summary>
    private void ReadSubsections(ref ByteReader section)
    {
        var last = -1;
        var isInOrder = true;
        while (!section.IsAtEnd)
        {
            var offset = section.Position;
            var id = section.ReadByte();
            var isExpected = id > last && id <= (byte)NameSubsection.Tag;
            if (!isExpected && isInOrder)
                Add(new MalformedModuleException("invalid name subsection id", offset));
            isInOrder &= isExpected;

            var size = section.ReadLength();
            var start = section.Position;
            section.ReadBytes(size);
            if (!isExpected)
                continue;
            _bytes = new ByteReader(_module.Bytes.Span, start, section.Position);
            TryReadSubsection((NameSubsection)id);
            last = id;
        }
    }

    private void TryReadSubsection(NameSubsection kind)
    {
        try
        {
            ReadSubsection(kind);
            if (!_bytes.IsAtEnd)
                throw new MalformedModuleException("name subsection size mismatch", _bytes.Position);
        }
        catch (ModuleException e)
        {
            Add(e);
        }
    }

    private readonly void Add(ModuleException e)
    {
        var problem = $"custom @name: {e.Problem}";
        _problems.Add(e is InvalidModuleException
            ? new InvalidModuleException(problem, e.Offset!.Value)
            : new MalformedModuleException(problem, e.Offset!.Value));
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
        for (var count = ReadCount(); count > 0; count--)
        {
            var index = ReadIndex(outer, last);
            ReadMap(new Names(inner, countInner(_module, index)));
            last = index;
        }
    }

    private void ReadMap(Names names)
    {
        var last = -1;
        for (var count = ReadCount(); count > 0; count--)
        {
            last = ReadIndex(names, last);
            _bytes.ReadName();
        }
    }

    private uint ReadCount()
    {
        var count = _bytes.ReadU32();
        _hasEmptyMap |= count == 0;
        return count;
    }

    private int ReadIndex(Names names, int last)
    {
        var offset = _bytes.Position;
        var index = _bytes.ReadIndex();
        if (index == last)
            throw new MalformedModuleException($"multiple {names.Kind} names", offset);
        if (index < last)
            throw new MalformedModuleException($"{names.Kind} names are not in the order of their indices", offset);
        return index < names.Count ? index : throw new InvalidModuleException($"invalid {names.Kind} index {index}", offset);
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
            count += instruction.Info.DepthChange > 0 ? 1 : 0;
        }

        return count;
    }

    private static long CountFields(ModuleDefinition module, int type) =>
        module.Types[type].Composite is StructType structure ? structure.Fields.Length : 0;
}
