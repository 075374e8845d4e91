namespace Fermata.Binary;

/// <summary>The locals of a function body: neighbours of one type are counted together, and none are left out (section 5.5.13).</summary>
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
