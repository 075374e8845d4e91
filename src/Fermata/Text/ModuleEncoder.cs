namespace Fermata.Text;

/// <summary>The sections of a module in the making (section 5.5 "Modules").</summary>
internal sealed class ModuleEncoder
{
    private static ReadOnlySpan<byte> Preamble => [0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00];

    public SectionWriter Types { get; } = new(1);

    public SectionWriter Imports { get; } = new(2);

    public SectionWriter Functions { get; } = new(3);

    public SectionWriter Tables { get; } = new(4);

    public SectionWriter Memories { get; } = new(5);

    public SectionWriter Globals { get; } = new(6);

    public SectionWriter Exports { get; } = new(7);

    public SectionWriter Elements { get; } = new(9);

    public SectionWriter Code { get; } = new(10);

    public SectionWriter Data { get; } = new(11);

    public SectionWriter Tags { get; } = new(13);

    /// <summary>The start function and where the text names it.</summary>
    public (uint Function, int TextOffset)? Start { get; set; }

    /// <summary>
    /// Whether code refers to data segments, so that a decoder must know their number before it (section 5.5 "Data Count Section").
    /// </summary>
    public bool NeedsDataCount { get; set; }

    /// <summary>The whole module with a name section at the end.</summary>
    public ByteWriter Encode(NameSectionWriter names)
    {
        var module = new ByteWriter();
        module.Write(Preamble);
        Types.AppendTo(module);
        Imports.AppendTo(module);
        Functions.AppendTo(module);
        Tables.AppendTo(module);
        Memories.AppendTo(module);
        Tags.AppendTo(module);
        Globals.AppendTo(module);
        Exports.AppendTo(module);
        AppendStart(module);
        Elements.AppendTo(module);
        AppendDataCount(module);
        Code.AppendTo(module);
        Data.AppendTo(module);
        names.AppendTo(module);
        return module;
    }

    private void AppendStart(ByteWriter module)
    {
        if (Start is not { } start)
            return;
        var content = new ByteWriter();
        content.Mark(start.TextOffset);
        content.WriteUnsigned(start.Function);
        module.WriteByte(8);
        module.AppendSized(content);
    }

    private void AppendDataCount(ByteWriter module)
    {
        if (!NeedsDataCount)
            return;
        var content = new ByteWriter();
        content.WriteUnsigned((ulong)Data.Count);
        module.WriteByte(12);
        module.AppendSized(content);
    }
}
