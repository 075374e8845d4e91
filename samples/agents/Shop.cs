using Fermata.Python;

namespace Fermata.Samples.Agents;

/// <summary>The tools that scripts call: a shop that is far away.</summary>
internal sealed class Shop(TimeSpan delay)
{
    private int _calls, _waiting, _mostWaiting;

    /// <summary>How many calls there were.</summary>
    public int Calls => _calls;

    /// <summary>How many calls waited at once, at most.</summary>
    public int MostWaiting => _mostWaiting;

    /// <summary>The tools, as plain functions of Python.</summary>
    public PythonHost Host => new PythonHost()
        .Expose("find_items", (string query, CancellationToken token) => AskAsync(Enumerable.Range(1, 10).Select(number => $"{query}-{number}").ToList(), token), waits: true)
        .Expose("get_price", (string item, CancellationToken token) => AskAsync(item.Length + (item[^1] - '0') * 0.5, token), waits: true)
        .Expose("get_stock", (string item, CancellationToken token) => AskAsync(item[^1] - '0', token), waits: true);

    private async Task<T> AskAsync<T>(T answer, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        var waiting = Interlocked.Increment(ref _waiting);
        for (var most = _mostWaiting; waiting > most; most = _mostWaiting)
            Interlocked.CompareExchange(ref _mostWaiting, waiting, most);
        try
        {
            await Task.Delay(delay, cancellationToken);
            return answer;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
