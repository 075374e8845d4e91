namespace Fermata.Platform.FileSystems;

/// <summary>How many bytes may be taken, and how many are. May be used by several threads at once.</summary>
internal sealed class ByteBudget(long most)
{
    private long _used;

    public long Used => Volatile.Read(ref _used);

    public long Left => most - Used;

    /// <summary>Takes bytes, unless that would be too many.</summary>
    public bool TryTake(long count)
    {
        var used = Used;
        while (count <= most - used)
        {
            var seen = Interlocked.CompareExchange(ref _used, used + count, used);
            if (seen == used)
                return true;
            used = seen;
        }

        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long count) => Interlocked.Add(ref _used, -count);
}
