namespace Fermata.Binary;

/// <summary>The sections of a module in the making (section 5.5 "Modules").</summary>
internal sealed class ModuleEncoder
{
    private static ReadOnlySpan<byte> Preamble => [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00];

    public SectionWriter Types { get; } = new(SectionId.Type);

    public SectionWriter Imports { get; } = new(SectionId.Import);

    public SectionWriter Functions { get; } = new(SectionId.Function);

    public SectionWriter Tables { get; } = new(SectionId.Table);

    public SectionWriter Memories { get; } = new(SectionId.Memory);

    public SectionWriter Globals { get; } = new(SectionId.Global);

    public SectionWriter Exports { get; } = new(SectionId.Export);

    public SectionWriter Elements { get; } = new(SectionId.Element);

    public SectionWriter Code { get; } = new(SectionId.Code);

    public SectionWriter Data { get; } = new(SectionId.Data);

    public SectionWriter Tags { get; } = new(SectionId.Tag);

    public CustomSectionWriter CustomSections { get; } = new();

    /// <summary>The start function and, where it comes from text, where that names it.</summary>
    public (uint Function, int? TextOffset)? Start { get; set; }

    /// <summary>
    /// Whether code refers to data segments, so that a decoder must know their number before it (section 5.5.15 "Data Count Section").
    /// </summary>
    public bool NeedsDataCount { get; set; }

    /// <summary>The whole module.</summary>
    public ByteWriter Encode()
    {
        var module = new ByteWriter();
        module.Write(Preamble);
        CustomSections.Arrange();
        Append(module, Types);
        Append(module, Imports);
        Append(module, Functions);
        Append(module, Tables);
        Append(module, Memories);
        Append(module, Tags);
        Append(module, Globals);
        Append(module, Exports);
        CustomSections.AppendTo(module, CustomPlace.Before(SectionId.Start));
        AppendStart(module);
        Append(module, Elements);
        CustomSections.AppendTo(module, CustomPlace.Before(SectionId.DataCount));
        AppendDataCount(module);
        Append(module, Code);
        Append(module, Data);
        CustomSections.AppendTo(module, CustomPlace.Last);
        return module;
    }

    private void Append(ByteWriter module, SectionWriter section)
    {
        CustomSections.AppendTo(module, CustomPlace.Before(section.Id));
        section.AppendTo(module);
    }

    private void AppendStart(ByteWriter module)
    {
        if (Start is not { } start)
            return;
        var content = new ByteWriter();
        if (start.TextOffset is { } textOffset)
            content.Mark(textOffset);
        content.WriteUnsigned(start.Function);
        module.WriteByte((byte)SectionId.Start);
        module.AppendSized(content);
    }

    private void AppendDataCount(ByteWriter module)
    {
        if (!NeedsDataCount)
            return;
        var content = new ByteWriter();
        content.WriteUnsigned((ulong)Data.Count);
        module.WriteByte((byte)SectionId.DataCount);
        module.AppendSized(content);
    }
}
