using System.Collections.Concurrent;

namespace Fermata.Durable;

/// <summary>
/// Pages that this process has written to the database, so that it need not again: what all calls of a program have in their memories would otherwise be written by each, and processes would wait for
/// one another's transactions.
/// </summary>
internal sealed class KnownPages
{
    /// <summary>How long a page is there for certain, in milliseconds: half of the time for which one is kept that no store has (<see cref="Leases.SweepPagesAsync"/>).</summary>
    private const long Time = Leases.TimeOfUnusedPages / 2;

    private const int Most = 100_000;

    private readonly ConcurrentDictionary<PageName, long> _written = new();

    /// <summary>Whether a page is in the database, and stays there.</summary>
    public bool Has(PageName page, long now) => _written.TryGetValue(page, out var time) && now - time < Time;

    /// <summary>Notes that a page was written, and committed.</summary>
    public void Note(PageName page, long time)
    {
        if (_written.Count >= Most)
            _written.Clear();
        _written[page] = time;
    }
}
