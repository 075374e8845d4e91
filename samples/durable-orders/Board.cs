using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Fermata.Durable;

namespace Fermata.Samples.DurableOrders;

/// <summary>Tells of orders: of any that are in the database, whichever process runs them, or none.</summary>
internal sealed class Board(DurableHostAccessor durable, Books books, Desk desk, TimeSpan hour) : IDisposable
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
                    desk.HasPython,
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
            var order = new OrderView(
                number, Language.C, lines[number], (DateTimeOffset.UtcNow - call.Created) / hour, call.State, null, call.Error, [], null, null, call.Process, [.. entries[number]]);
            orders.Add(call.Export == Desk.ProgramExport ? await LookAtPythonAsync(order, call) : await LookAtCAsync(order, call));
        }

        return [.. orders.OrderByDescending(static order => order.Number)];
    }

    private async Task<OrderView> LookAtCAsync(OrderView order, DurableCallInfo call)
    {
        if (call.Results is [var cents])
            return order with { Outcome = cents.AsI32() };
        return await WaitAsync(call) is not { } wait ? order : order with
        {
            Stack = [.. wait.WasmStack.Reverse().Select(static frame => frame.FunctionName ?? frame.ToString()), wait.Function["shop.".Length..]],
            Request = wait.Request,
            HoursLeft = (wait.Due - DateTimeOffset.UtcNow) / hour,
        };
    }

    /// <summary>What it has printed is told, which is of the same moment as its wait: to look into the memory of an interpreter takes long, and one would see the functions of CPython there.</summary>
    private async Task<OrderView> LookAtPythonAsync(OrderView order, DurableCallInfo call)
    {
        order = order with { Language = Language.Python };
        var last = LastLine(await durable.Host.GetOutputAsync(call.Store));
        if (call.Results is [var exitCode])
        {
            return exitCode.AsI32() == 0
                ? order with { Outcome = int.Parse(last, CultureInfo.InvariantCulture) }
                : order with { Error = LastLine(await durable.Host.GetErrorAsync(call.Store)) };
        }

        if (last.Length == 0)
            return order;
        var place = JsonSerializer.Deserialize<PythonPlace>(last, Server.Json)!;
        return order with { Stack = place.Stack, Request = place.Request.GetRawText(), HoursLeft = (place.Until - (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0)) / hour.TotalSeconds };
    }

    private static string LastLine(string text) => text.TrimEnd().Split('\n')[^1];

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
