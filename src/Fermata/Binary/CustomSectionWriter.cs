namespace Fermata.Binary;

/// <summary>The custom sections of a module in the making (section 5.5.3 "Custom Section").</summary>
internal sealed class CustomSectionWriter
{
    private readonly List<(int Place, string Name, ByteWriter Content)> _sections = [];
    private int _next;

    public void Add(int place, string name, ByteWriter content) => _sections.Add((place, name, content));

    public bool Has(string name) => _sections.Exists(section => section.Name == name);

    /// <summary>Orders the sections by their places; those of one place stay in the order in which they were added.</summary>
    public void Arrange()
    {
        var arranged = _sections.OrderBy(section => section.Place).ToList();
        _sections.Clear();
        _sections.AddRange(arranged);
    }

    /// <summary>Writes those of the arranged sections that are not yet written, up to a place.</summary>
    public void AppendTo(ByteWriter module, int lastPlace)
    {
        for (; _next < _sections.Count && _sections[_next].Place <= lastPlace; _next++)
        {
            var section = new ByteWriter();
            section.WriteName(_sections[_next].Name);
            section.Append(_sections[_next].Content);
            module.WriteByte((byte)SectionId.Custom);
            module.AppendSized(section);
        }
    }
}
