using System.Text;

namespace Fermata.Text;

/// <summary>The name section, made of the identifiers of the text (appendix "Name Section").</summary>
internal sealed class NameSectionWriter
{
    private readonly ByteWriter _subsections = new();
    private readonly ByteWriter _content = new();

    public void AddModule(string name)
    {
        _content.Clear();
        WriteName(name);
        AddSubsection(0);
    }

    /// <summary>A subsection of names by index; nothing where there are none.</summary>
    public void Add(byte subsection, IReadOnlyList<(int Index, string Name)> names)
    {
        if (names.Count == 0)
            return;
        _content.Clear();
        WriteMap(names);
        AddSubsection(subsection);
    }

    /// <summary>A subsection of names by two indices, such as function and local; nothing where there are none.</summary>
    public void Add(byte subsection, IReadOnlyList<(int Index, IReadOnlyList<(int Index, string Name)> Names)> groups)
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

    /// <summary>Writes the custom section, or nothing where no name was added.</summary>
    public void AppendTo(ByteWriter module)
    {
        if (_subsections.Length == 0)
            return;
        var section = new ByteWriter();
        section.WriteSized("name"u8);
        section.Append(_subsections);
        module.WriteByte(0);
        module.AppendSized(section);
    }

    private void AddSubsection(byte id)
    {
        _subsections.WriteByte(id);
        _subsections.AppendSized(_content);
    }

    private void WriteMap(IReadOnlyList<(int Index, string Name)> names)
    {
        _content.WriteUnsigned((ulong)names.Count);
        foreach (var (index, name) in names)
        {
            _content.WriteUnsigned((ulong)index);
            WriteName(name);
        }
    }

    private void WriteName(string name) => _content.WriteSized(Encoding.UTF8.GetBytes(name));
}
