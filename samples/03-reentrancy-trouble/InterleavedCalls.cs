namespace Fermata.Samples;

/// <summary>Three calls of reentrancy.c that wait for one another in the wrong order. Samples 04 and 05 make them too.</summary>
public sealed class InterleavedCalls(SampleConsole console)
{
    private readonly TaskCompletionSource[] _gates = [new(), new(), new()];

    /// <summary>The import: each call waits for its gate.</summary>
    public Task WaitForGate(int gate) => _gates[gate - 1].Task;

    /// <summary>Makes the calls.</summary>
    public async Task RunAsync(Instance guest)
    {
        var first = guest.GetFunction<Func<int, Task<int>>>("first")(1);
        var victim = guest.GetFunction<Func<int, Task<int>>>("victim")(2);
        Open(1);
        Report("first", await first);

        // On the C stack there is now a hole above the waiting victim. The next call takes more than the hole.
        var overwriter = guest.GetFunction<Func<int, Task<int>>>("overwriter")(3);
        Open(2);
        Report("victim", await victim);
        Open(3);
        Report("overwriter", await overwriter);
    }

    private void Open(int gate)
    {
        console.Host($"opens gate {gate}");
        _gates[gate - 1].SetResult();
    }

    private void Report(string name, int isIntact) => console.Host($"{name} {(isIntact == 1 ? "has" : "has lost")} its text");
}
