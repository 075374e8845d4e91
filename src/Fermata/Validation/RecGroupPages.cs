namespace Fermata.Validation;

/// <summary>The recursive groups that are in use, by the identities of their members. It keeps none of them. Reading takes no lock; one thread at a time may write.</summary>
/// <remarks>Identities are not used again, so pages at the beginning become empty, and are dropped.</remarks>
internal sealed class RecGroupPages
{
    private const int PageBits = 10;
    private const int PageSize = 1 << PageBits;

    private RecGroupReference?[]?[] _pages = new RecGroupReference?[]?[1];

    /// <summary>The type with an identity; null if it is gone or never was.</summary>
    public DefinedType? Find(int id)
    {
        var pages = Volatile.Read(ref _pages);
        var page = id >> PageBits;
        if (page >= pages.Length || pages[page]?[id & (PageSize - 1)] is not { } reference)
            return null;
        return reference.Group?.Members[id - reference.FirstId];
    }

    /// <summary>Readers see either array of pages; every identity that is out there is in both.</summary>
    public void Add(RecGroupReference reference, int count)
    {
        var last = reference.FirstId + (count - 1);
        var pages = _pages;
        if (last >> PageBits >= pages.Length)
            Array.Resize(ref pages, Math.Max(pages.Length * 2, (last >> PageBits) + 1));
        for (var i = 0; i < count; i++)
        {
            var id = reference.FirstId + i;
            (pages[id >> PageBits] ??= new RecGroupReference?[PageSize])[id & (PageSize - 1)] = reference;
        }

        Volatile.Write(ref _pages, pages);
    }

    /// <summary>Forgets the groups that are gone, and drops pages that become empty.</summary>
    public void Sweep()
    {
        foreach (ref var page in _pages.AsSpan())
        {
            if (page is not null && !Sweep(page))
                page = null;
        }
    }

    /// <returns>Whether something is left.</returns>
    private static bool Sweep(RecGroupReference?[] page)
    {
        var isUsed = false;
        foreach (ref var reference in page.AsSpan())
        {
            if (reference is { IsAlive: false })
                reference = null;
            isUsed |= reference is not null;
        }

        return isUsed;
    }
}
