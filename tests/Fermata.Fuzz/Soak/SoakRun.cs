using System.Diagnostics;

namespace Fermata.Fuzz.Soak;

/// <summary>Makes the calls of a plan in a store of their own, ends them, and looks whether all is as it should be.</summary>
internal sealed class SoakRun : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly SoakPlan _plan;
    private readonly Module _module;
    private readonly SoakHost _host;
    private readonly Store _store;
    private readonly CancellationTokenSource _source = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<string> _problems = [];
    private Moment _ending;
    private volatile bool _isEnding;
    private volatile bool _isDisposed;

    private SoakRun(Module module, SoakPlan plan)
    {
        (_module, _plan) = (module, plan);
        _host = new SoakHost(EndInside);
        _store = new Store(module.Engine, new StoreOptions
        {
            ShadowStack = plan.ShadowStack,
            SeparateStackBytes = 4096,
            TimeSlice = plan.TimeSlice,
            AlwaysSuspend = plan.AlwaysSuspends,
            CallsSuspendingImportsSynchronously = plan.CallsSuspendingImportsSynchronously,
            Limiter = plan.Limits,
            FuelSource = plan.MoreFuel == 0 ? null : async () =>
            {
                await Task.Yield();
                return plan.MoreFuel;
            },
        });
        _store.Fuel = plan.Fuel;
        _source.Token.Register(BeginEnd);
    }

    /// <summary>Carries out a plan.</summary>
    public static SoakOutcome Carry(Module module, SoakPlan plan)
    {
        var run = new SoakRun(module, plan);
        var outcome = run.Carry();

        // Where something hangs, so may this.
        if (!outcome.HasHung)
            run.Dispose();
        return outcome;
    }

    public void Dispose()
    {
        _store.Dispose();
        _source.Dispose();
    }

    private SoakOutcome Carry()
    {
        Instance instance;
        try
        {
            var linker = new Linker(_module.Engine);
            _host.DefineIn(linker, _store);
            instance = linker.Instantiate(_store, _module, CancellationToken.None);
        }
        catch (Exception e) when (e is ResourceLimitException or TrapException { Kind: TrapKind.OutOfFuel or TrapKind.OutOfMemory })
        {
            return new SoakOutcome([], null, [e.GetType().Name], HasHung: false);
        }

        var memory = _plan.MeasuresMemory ? new MemoryMeasure(_plan, _module.Engine.Options) : null;
        var calls = _plan.Calls.Select(call => Start(instance, call)).ToList();
        var all = Task.WhenAll(calls);
        var hasEnded = Wait(all, TimeSpan.FromMilliseconds(_plan.Delay));
        if (!hasEnded)
            Note(memory?.Running());
        var end = Task.Run(End);
        if (!Wait(Task.WhenAll(all, end), Longest))
            return Hang(calls, end);
        var late = hasEnded || !_isEnding ? null : (Moment?)((Moment.Now with { Threads = ThreadTimes.Now }) - _ending);
        foreach (var failure in calls.Select(call => call.Result).OfType<Exception>().Concat(_host.Swallowed))
            Check(failure);
        Note(end.Exception is { } unexpected ? $"what ends the calls failed: {unexpected}" : null);
        if (!_isDisposed)
            CheckStore(instance);
        Note(memory?.Ended(instance, isDisposed: _isDisposed));
        return new SoakOutcome(_problems, late, [.. calls.Select(call => call.Result?.GetType().Name ?? "result")], HasHung: false);
    }

    private SoakOutcome Hang(List<Task<Exception?>> calls, Task end)
    {
        var used = (Moment.Now with { Threads = ThreadTimes.Now }) - _ending;
        _problems.Add($"hangs: {calls.Count(call => !call.IsCompleted)} of {calls.Count} calls run, and what ends them is {end.Status}; {used}");
        return new SoakOutcome(_problems, null, [], HasHung: true);
    }

    /// <summary>Makes a call on a thread of its own. The task has what it failed with, or null.</summary>
    private Task<Exception?> Start(Instance instance, SoakCall call)
    {
        var completion = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Call()
        {
            var function = instance.GetFunction($"f{call.Function}");
            if (call.IsPromising)
                function.InvokeAsync([call.Argument], _source.Token).GetAwaiter().GetResult();
            else
                function.Invoke([call.Argument], _source.Token);
        }

        var thread = new Thread(() => completion.SetResult(Try(Call)), _plan.ThreadStackBytes) { IsBackground = true };
        thread.Start();
        return completion.Task;
    }

    private static Exception? Try(Action action)
    {
        try
        {
            action();
            return null;
        }
#pragma warning disable CA1031 // What it is, is looked at.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    private void BeginEnd()
    {
        if (_isEnding)
            return;
        var threads = ThreadTimes.Now;
        _ending = Moment.Now with { Threads = threads };
        _isEnding = true;
    }

    private void EndInside()
    {
        if (_plan.Ending == Ending.CancelInside && Stopwatch.GetElapsedTime(_start).TotalMilliseconds >= _plan.Delay)
            _source.Cancel();
    }

    private async Task End()
    {
        switch (_plan.Ending)
        {
            case Ending.Deadline:
                _source.CancelAfter(1);
                await Task.Delay(Timeout.Infinite, _source.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            case Ending.CancelInside:
                await Task.Delay(20, _source.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await _source.CancelAsync().ConfigureAwait(false);
                break;
            case Ending.Cancel:
                await _source.CancelAsync().ConfigureAwait(false);
                break;
            case Ending.CancelAndDispose:
                var cancel = Task.Run(_source.Cancel);
                DisposeStore();
                await cancel.ConfigureAwait(false);
                break;
            case Ending.Dispose:
                DisposeStore();
                break;
            default:
                AskForDisposal();
                await _store.DisposeAsync().ConfigureAwait(false);
                break;
        }
    }

    private void DisposeStore()
    {
        AskForDisposal();
        _store.Dispose();
    }

    /// <remarks>
    /// The clocks are read when the code was asked to stop, as with a token, whose newest callbacks are called first: on a machine under load this thread may wait for a processor in
    /// between, while the code runs on.
    /// </remarks>
    private void AskForDisposal()
    {
        _isDisposed = true;
        _store.BeginEnd();
        BeginEnd();
    }

    private void Check(Exception exception)
    {
        if (!Expected.IsExpected(exception))
            _problems.Add($"foreign exception: {exception}");
        else if (exception is ObjectDisposedException && !_isDisposed)
            _problems.Add($"the store was not disposed: {exception}");
        else if (exception is OperationCanceledException && !_source.IsCancellationRequested)
            _problems.Add($"the call was not cancelled: {exception}");
    }

    /// <summary>Looks whether the store is as good as new.</summary>
    private void CheckStore(Instance instance)
    {
        _store.Fuel = 1_000_000;
        foreach (var isPromising in new[] { false, true })
        {
            var failure = Try(() =>
            {
                var call = Task.Run(async () => isPromising
                    ? await instance.GetFunction("ok").InvokeAsync([41], CancellationToken.None).ConfigureAwait(false)
                    : instance.GetFunction("ok").Invoke([41], CancellationToken.None));
                if (!Wait(call, Longest) || call.Result[0].AsI32() != 42)
                    _problems.Add("the next call hangs, or is wrong");
            });
            if (failure is not null && !(isPromising && failure is AggregateException { InnerException: ResourceLimitException or MemoryTrapException }))
                _problems.Add($"the next call failed: {failure}");
        }

        if (instance.GetMemory("memory").ByteLength + instance.GetMemory("shared").ByteLength > _plan.MaxMemoryBytes)
            _problems.Add("the memories are larger than allowed");
        if (instance.GetTable("table").Length + instance.GetTable("objects").Length > _plan.MaxTableElements)
            _problems.Add("the tables are larger than allowed");
    }

    private void Note(string? problem)
    {
        if (problem is not null)
            _problems.Add(problem);
    }

    private static bool Wait(Task task, TimeSpan time) => Task.WaitAny([task], time) == 0;
}
