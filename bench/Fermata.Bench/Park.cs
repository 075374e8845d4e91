using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>Has very many calls of one instance wait at once, and then go on in random order.</summary>
internal sealed class Park
{
    private readonly ParkOptions _options;
    private readonly TaskCompletionSource<int>[] _waiting;
    private readonly Task<int>[] _calls;
    private int _parked;
    private int _mostThreads;

    public Park(ParkOptions options)
    {
        _options = options;
        _waiting = new TaskCompletionSource<int>[options.Count];
        _calls = new Task<int>[options.Count];
    }

    public async Task RunAsync()
    {
        Console.WriteLine(Machine.Description);
        var down = Guest.Instantiate("deep", EngineOptions.Default, Wait).GetFunction<Func<int, int, Task<int>>>("down");
        var residentBefore = Environment.WorkingSet;
        var managedBefore = GC.GetTotalMemory(forceFullCollection: true);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < _calls.Length; i++)
        {
            _calls[i] = down(_options.Depth, i);
            NoteThreads(i);
        }

        var parking = Stopwatch.GetElapsedTime(start);
        if (_parked != _calls.Length)
            throw new BenchException($"{_parked} of {_calls.Length} calls wait.");
        Console.WriteLine($"{_calls.Length:N0} calls, each {_options.Depth:N0} activations deep, parked in {parking.TotalSeconds:F2} s");
        Console.WriteLine($"  {(double)(GC.GetTotalMemory(forceFullCollection: true) - managedBefore) / _calls.Length:N0} bytes a call on the heap");
        Console.WriteLine($"  {(double)(Environment.WorkingSet - residentBefore) / _calls.Length:N0} bytes a call resident, {Environment.WorkingSet / 1048576.0:N0} MiB in all");
        await ResumeAsync();
    }

    private async Task ResumeAsync()
    {
        var order = new int[_calls.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        new Random(1).Shuffle(order);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < order.Length; i++)
        {
            _waiting[order[i]].SetResult(order[i]);
            NoteThreads(i);
        }

        for (var i = 0; i < _calls.Length; i++)
            Guest.Expect(await _calls[i], unchecked(i * _options.Depth));
        var resuming = Stopwatch.GetElapsedTime(start);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"resumed in random order in {resuming.TotalSeconds:F2} s, all results right");
        Console.WriteLine($"  {process.PeakWorkingSet64 / 1048576.0:N0} MiB resident at most, {_mostThreads} threads at most");
    }

    private ValueTask<int> Wait(int value)
    {
        var waiting = new TaskCompletionSource<int>();
        _waiting[_parked++] = waiting;
        return new ValueTask<int>(waiting.Task);
    }

    private void NoteThreads(int round)
    {
        if (round % 100_000 != 0)
            return;
        using var process = Process.GetCurrentProcess();
        _mostThreads = Math.Max(_mostThreads, process.Threads.Count);
    }
}
