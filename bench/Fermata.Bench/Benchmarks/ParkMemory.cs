namespace Fermata.Bench;

/// <summary>
/// Calls 30 activations deep that all wait at once, each for a task of its own. Memory is what the process has resident, after garbage
/// collection both times; the managed part is told apart.
/// </summary>
internal sealed class ParkMemory : IBenchmark
{
    private const int Calls = 100_000;
    private const int WarmUpCalls = 100;
    private const int Depth = 30;

    private readonly Queue<TaskCompletionSource<int>> _waiting = new(Calls);
    private readonly Func<int, int, Task<int>> _down;

    public ParkMemory() => _down = Guest.Instantiate("deep", EngineOptions.Default, Wait).GetFunction<Func<int, int, Task<int>>>("down");

    public Measurement Round()
    {
        Finish(Park(WarmUpCalls));
        var residentBefore = ResidentBytes();
        var managedBefore = GC.GetTotalMemory(forceFullCollection: false);
        var parked = Park(Calls);
        var residentAfter = ResidentBytes();
        var managedAfter = GC.GetTotalMemory(forceFullCollection: false);
        Finish(parked);
        return new Measurement(
            (double)(residentAfter - residentBefore) / Calls,
            Managed: (double)(managedAfter - managedBefore) / Calls);
    }

    private ValueTask<int> Wait(int value)
    {
        var waiting = new TaskCompletionSource<int>();
        _waiting.Enqueue(waiting);
        return new ValueTask<int>(waiting.Task);
    }

    private Task<int>[] Park(int count)
    {
        var parked = new Task<int>[count];
        for (var i = 0; i < count; i++)
            parked[i] = _down(Depth, 1);
        return parked;
    }

    private void Finish(Task<int>[] parked)
    {
        while (_waiting.TryDequeue(out var waiting))
            waiting.SetResult(1);
        foreach (var call in parked)
            Guest.Expect(call.Result, Depth);
    }

    private static long ResidentBytes()
    {
        // Aggressive, so that the space which the collection freed is given back and does not count.
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return Environment.WorkingSet;
    }
}
