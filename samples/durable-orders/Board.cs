using System.Runtime.CompilerServices;
using Fermata.Durable;

namespace Fermata.Samples.DurableOrders;

/// <summary>Tells of orders: of any that are in the database, whichever process runs them, or none.</summary>
internal sealed class Board(DurableHostAccessor durable, Books books, TimeSpan hour) : IDisposable
{
    private const int MostOrders = 40, MostCounted = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // All pages that look have what one of them has asked for.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private BoardView? _last;
    private long _lastTime;

    /// <summary>What there is to see, again and again, until somebody does not want to see more.</summary>
    public async IAsyncEnumerable<BoardView> ViewsAsync(CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted = default)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        while (!end.IsCancellationRequested)
        {
            yield return await LookAsync();
            await Task.Delay(Interval, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One order; null if there is none with the number.</summary>
    public async Task<OrderView?> FindAsync(int order) =>
        await durable.Host.FindAsync(Shop.KeyOf(order)) is { } call ? (await LookAsync([call]))[0] : null;

    public void Dispose() => _turn.Dispose();

    private async Task<BoardView> LookAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_last is null || TimeProvider.System.GetElapsedTime(_lastTime) > Interval / 2)
            {
                var host = durable.Host;
                _last = new BoardView(
                    Books.Process,
                    await host.CountAsync(DurableCallState.Running),
                    (await host.ListAsync(DurableCallState.Running, most: MostCounted)).Count(static call => call.Process is not null),
                    await host.CountAsync(DurableCallState.Completed),
                    await books.ShelvesAsync(),
                    await LookAsync(await host.ListAsync(most: MostOrders)));
                _lastTime = TimeProvider.System.GetTimestamp();
            }

            return _last;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<IReadOnlyList<OrderView>> LookAsync(IReadOnlyList<DurableCallInfo> calls)
    {
        if (calls.Count == 0)
            return [];
        var numbers = calls.Select(static call => Shop.NumberOf(call.Key)).ToList();
        var lines = await books.LinesAsync(numbers.Min(), numbers.Max());
        var entries = (await books.EntriesAsync(numbers.Min(), numbers.Max())).ToLookup(static entry => entry.Order);
        var orders = new List<OrderView>();
        foreach (var (call, number) in calls.Zip(numbers))
        {
            var wait = await WaitAsync(call);
            orders.Add(new OrderView(
                number,
                lines[number],
                (DateTimeOffset.UtcNow - call.Created) / hour,
                call.State,
                call.Results is [var cents] ? cents.AsI32() : null,
                call.Error,
                wait is null ? [] : [.. wait.WasmStack.Reverse().Select(static frame => frame.FunctionName ?? frame.ToString()), wait.Function["shop.".Length..]],
                wait?.Request,
                (wait?.Due - DateTimeOffset.UtcNow) / hour,
                call.Process,
                [.. entries[number]]));
        }

        return [.. orders.OrderByDescending(static order => order.Number)];
    }

    /// <summary>What an order waits for, as the database has it; null if it does not wait.</summary>
    private async Task<DurableWaitInfo?> WaitAsync(DurableCallInfo call)
    {
        if (call.State != DurableCallState.Running)
            return null;
        try
        {
            return (await durable.Host.InspectAsync(call.Store)).SingleOrDefault();
        }
        catch (KeyNotFoundException)
        {
            // It has ended in the meantime.
            return null;
        }
    }
}
