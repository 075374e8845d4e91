namespace Fermata.Platform.FileSystems;

/// <summary>Bytes of a file.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last; <see cref="long.MaxValue"/> if the range goes to wherever the end of the file is.</param>
internal readonly record struct LockRange(long First, long Last)
{
    public bool Overlaps(LockRange other) => First <= other.Last && other.First <= Last;

    /// <summary>Whether there is no byte between them.</summary>
    public bool Touches(LockRange other) => Overlaps(other) || (Last < other.First ? Last + 1 == other.First : other.Last + 1 == First);

    /// <summary>Both of two that touch.</summary>
    public LockRange Union(LockRange other) => new(Math.Min(First, other.First), Math.Max(Last, other.Last));

    /// <summary>What is left of it outside of another one.</summary>
    public IEnumerable<LockRange> Without(LockRange other)
    {
        if (!Overlaps(other))
        {
            yield return this;
            yield break;
        }

        if (First < other.First)
            yield return this with { Last = other.First - 1 };
        if (Last > other.Last)
            yield return this with { First = other.Last + 1 };
    }
}
