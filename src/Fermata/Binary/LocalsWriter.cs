namespace Fermata.Binary;

/// <summary>The locals of a function body (section 5.5.13 "Code Section"): neighbours of one type are counted together, none are left out.</summary>
internal sealed class LocalsWriter
{
    private readonly List<LocalGroup> _groups = [];

    public void Add(uint count, ValType type)
    {
        if (count == 0)
            return;
        if (_groups.Count > 0 && _groups[^1].Type == type)
            _groups[^1] = new LocalGroup(_groups[^1].Count + count, type);
        else
            _groups.Add(new LocalGroup(count, type));
    }

    public void AppendTo(ByteWriter body)
    {
        body.WriteUnsigned((ulong)_groups.Count);
        foreach (var (count, type) in _groups)
        {
            body.WriteUnsigned(count);
            body.WriteValType(type);
        }
    }
}
