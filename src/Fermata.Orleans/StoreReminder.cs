namespace Fermata.Orleans;

/// <summary>The one reminder of a grain: soon while its store may be due, so that another silo goes on if this one ends; at its time while it only waits; none when nothing waits.</summary>
/// <param name="grain">The grain, on whose scheduler all is done.</param>
/// <param name="period">How often a reminder comes that is due.</param>
/// <param name="clock">What tells the time.</param>
internal sealed class StoreReminder(IGrainBase grain, TimeSpan period, TimeProvider clock) : IDisposable
{
    private const string Name = "fermata";

    /// <summary>The farthest time for which a reminder is set; then the store is looked at, and it is set again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _gate = new(1);

    public TimeSpan Period => period;

    /// <summary>When it comes for the first time, and from then on each period; the end of time if there is none; null if that is not known.</summary>
    public DateTimeOffset? First { get; set; }

    private DateTimeOffset Soon => clock.GetUtcNow() + period;

    /// <summary>Has it come each period from now on.</summary>
    public async Task SoonAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (!(First <= Soon))
                await SetAsync(Soon);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Has it come when the store is due, or not at all.</summary>
    /// <param name="due">When the store is due; null if only an event makes it so.</param>
    /// <param name="isLive">Whether anything waits.</param>
    /// <param name="isAtRest">Whether that is so still, when it is this one's turn.</param>
    public async Task RestAsync(DateTimeOffset? due, bool isLive, Func<bool> isAtRest)
    {
        await _gate.WaitAsync();
        try
        {
            if (!isAtRest())
                return;
            if (!isLive)
            {
                await DropAsync();
                return;
            }

            var longest = clock.GetUtcNow() + Longest;
            var first = due < longest ? due.Value : longest;
            if (first <= Soon ? First <= Soon : (First - first)?.Duration() < period)
                return;
            await SetAsync(first <= Soon ? Soon : first);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private async Task SetAsync(DateTimeOffset first)
    {
        // It is not known if this fails.
        First = null;
        var rest = first - clock.GetUtcNow();
        await grain.RegisterOrUpdateReminder(Name, rest > TimeSpan.Zero ? rest : TimeSpan.Zero, period);
        First = first;
    }

    private async Task DropAsync()
    {
        if (First == DateTimeOffset.MaxValue)
            return;
        First = null;
        if (await grain.GetReminder(Name) is { } reminder)
            await grain.UnregisterReminder(reminder);
        First = DateTimeOffset.MaxValue;
    }
}
