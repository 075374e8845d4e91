namespace Fermata.Binary;

/// <summary>A section whose content is a vector: entries and their number (section 5.5.2 "Sections").</summary>
internal sealed class SectionWriter(SectionId id)
{
    private readonly ByteWriter _entries = new();

    public SectionId Id => id;

    public int Count { get; private set; }

    /// <summary>Begins an entry that comes from an offset of the text.</summary>
    public ByteWriter Begin(int textOffset)
    {
        Count++;
        _entries.Mark(textOffset);
        return _entries;
    }

    /// <summary>Begins an entry that comes from no text.</summary>
    public ByteWriter Begin()
    {
        Count++;
        return _entries;
    }

    /// <summary>Writes the section, or nothing where it has no entries.</summary>
    public void AppendTo(ByteWriter module)
    {
        if (Count == 0)
            return;
        var content = new ByteWriter();
        content.WriteUnsigned((ulong)Count);
        content.Append(_entries);
        module.WriteByte((byte)Id);
        module.AppendSized(content);
    }
}
