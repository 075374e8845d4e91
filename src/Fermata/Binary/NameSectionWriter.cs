namespace Fermata.Binary;

/// <summary>A name section in the making (appendix "Name Section").</summary>
internal sealed class NameSectionWriter
{
    private readonly ByteWriter _subsections = new();
    private readonly ByteWriter _content = new();

    public void AddModule(string name)
    {
        _content.Clear();
        _content.WriteName(name);
        AddSubsection(NameSubsection.Module);
    }

    /// <summary>A subsection of names by index; nothing where there are none.</summary>
    public void Add(NameSubsection subsection, IReadOnlyList<(int Index, string Name)> names)
    {
        if (names.Count == 0)
            return;
        _content.Clear();
        WriteMap(names);
        AddSubsection(subsection);
    }

    /// <summary>A subsection of names by two indices, such as function and local; nothing where there are none.</summary>
    public void Add(NameSubsection subsection, IReadOnlyList<(int Index, IReadOnlyList<(int Index, string Name)> Names)> groups)
    {
        if (groups.Count == 0)
            return;
        _content.Clear();
        _content.WriteUnsigned((ulong)groups.Count);
        foreach (var (index, names) in groups)
        {
            _content.WriteUnsigned((ulong)index);
            WriteMap(names);
        }

        AddSubsection(subsection);
    }

    /// <summary>Adds the section to those of a module, unless there are no names.</summary>
    public void AddTo(CustomSectionWriter sections)
    {
        if (_subsections.Length > 0)
            sections.Add(CustomPlace.Names, "name", _subsections);
    }

    private void AddSubsection(NameSubsection kind)
    {
        _subsections.WriteByte((byte)kind);
        _subsections.AppendSized(_content);
    }

    private void WriteMap(IReadOnlyList<(int Index, string Name)> names)
    {
        _content.WriteUnsigned((ulong)names.Count);
        foreach (var (index, name) in names)
        {
            _content.WriteUnsigned((ulong)index);
            _content.WriteName(name);
        }
    }
}
