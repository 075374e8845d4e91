using Fermata.Structure;

namespace Fermata.Binary;

/// <summary>Makes a <see cref="ModuleDefinition"/> of a module's bytes.</summary>
/// <remarks>
/// Section 5.5 "Modules". What is malformed is found here, and later readers cannot fail. Reading runs on past the end of a section whose content is longer than its size, as in the reference interpreter, which
/// finds the difference afterwards. Time and memory are linear in the length of the module.
/// </remarks>
internal ref partial struct ModuleDecoder
{
    private const uint Magic = 0x6D736100;
    private const uint Version = 1;

    private readonly ReadOnlySpan<byte> _span;
    private readonly ModuleDefinition _module;
    private readonly LoadBudget _budget;
    private readonly List<int> _declaredFunctions = [];
    private readonly List<FunctionDefinition> _bodies = [];
    private readonly ExpressionReader _expressions;

    private ByteReader _bytes;

    private ModuleDecoder(ReadOnlyMemory<byte> bytes, LoadBudget budget)
    {
        _budget = budget;
        _expressions = new ExpressionReader(budget);
        _span = bytes.Span;
        _module = new ModuleDefinition { Bytes = bytes };
        _bytes = new ByteReader(_span, 0, _span.Length);
    }

    /// <summary>Decodes a module.</summary>
    /// <param name="bytes">The whole module; the result keeps it and it must not change.</param>
    /// <param name="budget">What it may cost; anything by default.</param>
    /// <exception cref="MalformedModuleException">The bytes are not a module.</exception>
    public static ModuleDefinition Decode(ReadOnlyMemory<byte> bytes, LoadBudget? budget = null)
    {
        budget ??= new LoadBudget();
        var module = DecodeWithoutBodies(bytes, budget);
        BodyDecoder.Decode(module, budget);
        return module;
    }

    /// <summary>Decodes a module but for the instructions of its functions, for which there is another time (<see cref="BodyDecoder"/>), or was one.</summary>
    /// <inheritdoc cref="Decode"/>
    public static ModuleDefinition DecodeWithoutBodies(ReadOnlyMemory<byte> bytes, LoadBudget? budget = null)
    {
        var decoder = new ModuleDecoder(bytes, budget ?? new LoadBudget());
        try
        {
            decoder.ReadModule();
            decoder.CheckCounts();
        }
        catch (MalformedModuleException) when (decoder._bodies.Count > 0)
        {
            // What is malformed in the bodies stands before that, and may be what led to it.
            decoder._module.Functions.AddRange(decoder._bodies);
            BodyDecoder.Decode(decoder._module, decoder._budget);
            throw;
        }

        decoder._module.Functions.AddRange(decoder._bodies);
        return decoder._module;
    }

    private void ReadModule()
    {
        if (_bytes.ReadFixed32() != Magic)
            throw new MalformedModuleException("magic header not detected", 0);
        if (_bytes.ReadFixed32() != Version)
            throw new MalformedModuleException("unknown binary version", 4);

        var last = SectionId.Custom;
        while (!_bytes.IsAtEnd)
        {
            _budget.Spend();
            var start = _bytes.Position;
            var id = (SectionId)_bytes.ReadByte();
            if (id > SectionId.Tag)
                throw new MalformedModuleException($"malformed section id {(byte)id}", start);
            if (id != SectionId.Custom && Order(id) <= Order(last))
                throw new MalformedModuleException("unexpected content after last section", start);

            var size = _bytes.ReadLength();
            var content = _bytes.Position;
            if (id == SectionId.Custom)
            {
                ReadCustomSection(content, size, last);
                continue;
            }

            ReadSection(id);
            RequireSize(content, size);
            _module.Sections.Add((int)id);
            last = id;
        }
    }

    /// <summary>Section 5.5.2 "Sections": where a section stands among the others; its id, but for the two that came late.</summary>
    private static int Order(SectionId id) => id switch
    {
        SectionId.DataCount => (int)SectionId.Element * 2 + 1,
        SectionId.Tag => (int)SectionId.Memory * 2 + 1,
        _ => (int)id * 2,
    };

    private void ReadSection(SectionId id)
    {
        switch (id)
        {
            case SectionId.Type:
                ReadTypeSection();
                break;
            case SectionId.Import:
                ReadImportSection();
                break;
            case SectionId.Function:
                ReadFunctionSection();
                break;
            case SectionId.Table:
                ReadTableSection();
                break;
            case SectionId.Memory:
                ReadMemorySection();
                break;
            case SectionId.Global:
                ReadGlobalSection();
                break;
            case SectionId.Export:
                ReadExportSection();
                break;
            case SectionId.Start:
                _module.StartOffset = _bytes.Position;
                _module.Start = _bytes.ReadIndex();
                break;
            case SectionId.Element:
                ReadElementSection();
                break;
            case SectionId.Code:
                ReadCodeSection();
                break;
            case SectionId.Data:
                ReadDataSection();
                break;
            case SectionId.DataCount:
                _module.DataCount = _bytes.ReadU32();
                break;
            case SectionId.Tag:
                ReadTagSection();
                break;
        }
    }

    /// <summary>Section 5.5.3 "Custom Section".</summary>
    private void ReadCustomSection(int content, int size, SectionId last)
    {
        var name = _bytes.ReadName();
        var range = new ByteRange(_bytes.Position, content + size - _bytes.Position);
        _bytes.ReadBytes(range.Length);
        _module.CustomSections.Add(new CustomSectionDefinition(name, range, (int)last));
    }

    private readonly void RequireSize(int content, int size)
    {
        if (_bytes.Position != content + size)
            throw new MalformedModuleException("section size mismatch", content);
    }

    /// <summary>What the sections say of one another (section 5.5.17 "Modules").</summary>
    private readonly void CheckCounts()
    {
        var end = _bytes.Position;
        if (_declaredFunctions.Count != _bodies.Count)
            throw new MalformedModuleException("function and code section have inconsistent lengths", end);
        if (_module.DataCount is { } count && count != (uint)_module.Data.Count)
            throw new MalformedModuleException("data count and data section have inconsistent lengths", end);
    }
}
