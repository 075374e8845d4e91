using System.Globalization;
using System.Runtime.Intrinsics;

namespace Fermata.Fuzz.Snapshots;

/// <summary>Runs a <see cref="WaitingModule"/> step by step: each starts a call, or answers one import that is waited for. What happens depends on the seed alone, whether it is the same store or a restored one.</summary>
internal sealed class WaitingRun : IDisposable
{
    private const int MostSteps = 2_000;
    private const long Fuel = 1_000_000_000;
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(5);

    private static readonly ValType Any = ValType.Ref(true, HeapType.Any);

    private static readonly (string Name, ValType[] Parameters, ValType[] Results)[] Imports =
    [
        ("wait_i", [ValType.I32], [ValType.I32]),
        ("wait_l", [ValType.I64], [ValType.I64]),
        ("wait_f", [ValType.F32], [ValType.F32]),
        ("wait_d", [ValType.F64], [ValType.F64]),
        ("wait_v", [ValType.V128], [ValType.V128]),
        ("wait_x", [ValType.ExternRef], [ValType.ExternRef]),
        ("wait_a", [Any], [Any]),
        ("wait_m", [ValType.I32, ValType.F64], [ValType.I64, ValType.F32]),
    ];

    private static readonly ReferenceCodec[] Codecs =
    [
        ReferenceCodec.For<Token>("token", token => BitConverter.GetBytes(token.Number), data => new Token(BitConverter.ToInt32(data))),
        ReferenceCodec.For<HostFailure>("failure", failure => BitConverter.GetBytes(failure.Number), data => new HostFailure(BitConverter.ToInt32(data))),
    ];

    private readonly Module _module;
    private readonly ulong _seed;
    private readonly Store _store;
    private readonly Instance _instance;
    private readonly RestoredStore? _restored;
    private readonly SortedDictionary<(long Call, long Wait), Pending> _pending = [];
    private readonly SortedDictionary<string, Task<Value[]>> _calls = new(StringComparer.Ordinal);
    private readonly List<string> _log = [];

    /// <summary>A new run.</summary>
    /// <param name="module">The module, in an engine with <see cref="EngineOptionsOf"/>.</param>
    /// <param name="seed">The seed of the module, by which all else is decided too.</param>
    public WaitingRun(Module module, ulong seed)
    {
        (_module, _seed) = (module, seed);
        _store = new Store(module.Engine, StoreOptionsOf(seed)) { Fuel = Fuel };
        _instance = Linker().Instantiate(_store, module);
    }

    /// <summary>A run that goes on from a snapshot.</summary>
    /// <param name="module">The module.</param>
    /// <param name="state">Where it was.</param>
    public WaitingRun(Module module, WaitingState state)
    {
        (_module, _seed, Step, Started) = (module, state.Seed, state.Step, state.Started);
        _restored = Store.Restore(
            module.Engine, new MemoryStream(state.Snapshot), Linker(), new RestoreOptions { Modules = [module], Store = StoreOptionsOf(_seed), Codecs = Codecs });
        _store = _restored.Store;
        _instance = _restored.Instances[0];
        foreach (var call in _restored.Calls)
            Add(call.Key!, call.Task);
        _restored.Resume();
        Settle();
    }

    /// <summary>How many steps there were.</summary>
    public int Step { get; private set; }

    /// <summary>How many calls were started by the host.</summary>
    public int Started { get; private set; }

    /// <summary>Whether there are no more steps.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What happened, in order.</summary>
    public IReadOnlyList<string> Log => _log;

    public void Dispose() => _store.Dispose();

    /// <summary>The engine for the module of a seed.</summary>
    public static EngineOptions EngineOptionsOf(ulong seed)
    {
        var random = new RandomSource(~seed);
        return new EngineOptions { SuspendEverywhere = random.OneIn(4), SplitEverywhere = random.OneIn(4), UsesFuel = random.OneIn(4), IsDeterministic = true };
    }

    private static StoreOptions StoreOptionsOf(ulong seed) =>
        new() { ShadowStack = Enum.GetValues<ShadowStackPolicy>()[(int)(seed % 4)], SeparateStackBytes = 4096 };

    /// <summary>Runs to the end, or to a step.</summary>
    public void RunTo(int step = int.MaxValue)
    {
        while (Step < step && TryStep())
        {
            if (Step > MostSteps)
                throw new FuzzException($"--seed {_seed}: more than {MostSteps} steps");
        }
    }

    /// <summary>Does the next step.</summary>
    /// <param name="pauses">Whether code stops where it can first.</param>
    /// <returns>Whether there was one; if not, the log tells what the store has at last.</returns>
    public bool TryStep(bool pauses = false)
    {
        var random = new RandomSource(_seed * 1_000_003 + (ulong)Step);
        if (_pending.Count == 0 && Started == WaitingModule.Runs)
        {
            LogEnd();
            return false;
        }

        Step++;
        _store.Scheduler.PausesNext = pauses;
        if (Started < WaitingModule.Runs && (_pending.Count == 0 || random.OneIn(3)))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"run{Started++}");
            _log.Add($"{Step}: {name}");
            Add(name, _instance.GetFunction(name).InvokeAsync(name, [(int)_seed]));
        }
        else
        {
            Answer(random.Pick([.. _pending.Keys]), random.OneIn(12));
        }

        Settle();
        return true;
    }

    /// <summary>What the run is now, for another process.</summary>
    public WaitingState Save()
    {
        using var stream = new MemoryStream();
        _store.Snapshot(stream, new SnapshotOptions { Codecs = Codecs });
        return new WaitingState(_seed, Step, Started, stream.ToArray());
    }

    /// <summary>Has what has stopped go on.</summary>
    public void EndPauses()
    {
        _store.Scheduler.PausesNext = false;
        _store.Scheduler.EndPauses();
        Settle();
    }

    private void Answer((long Call, long Wait) key, bool fails)
    {
        _pending.Remove(key, out var pending);
        _log.Add($"{Step}: call {key.Call}, wait {key.Wait}: {pending!.Name} {Describe(pending.Arguments)}{(fails ? " fails" : "")}");
        if (fails)
            pending.Source.SetException(new HostFailure(Step));
        else
            pending.Source.SetResult(Results(pending.Name, pending.Arguments));
    }

    /// <summary>Waits until nothing runs.</summary>
    private void Settle()
    {
        if (!SpinWait.SpinUntil(() => _store.Fibers.All(fiber => fiber.State == FiberState.Suspended), MostTime))
            throw new FuzzException($"--seed {_seed}: a call neither waits nor ends at step {Step}");
    }

    /// <summary>Has the end of a call in the log, before whoever waits for it goes on.</summary>
    private void Add(string key, Task<Value[]> call)
    {
        _calls.Add(key, call);
        call.ContinueWith(
            ended =>
            {
                _calls.Remove(key);
                _log.Add($"{key} ends: {Describe(ended)}");
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void LogEnd()
    {
        HasEnded = true;
        foreach (var key in _calls.Keys)
            _log.Add($"{key} never ends");
        _log.Add($"digest {_instance.GetFunction("digest").Invoke()[0]}, fuel {_store.Fuel}, stack pointer {_instance.GetGlobal("__stack_pointer").Value}");
        var hash = System.Security.Cryptography.SHA256.HashData(_instance.GetMemory("memory").GetSpan(0, 4096));
        _log.Add($"memory {Convert.ToHexString(hash)}");
    }

    private Linker Linker()
    {
        var linker = new Linker(_module.Engine);
        foreach (var (name, parameters, results) in Imports)
            linker.Define("env", name, new FuncType(parameters, results), (caller, arguments, _) => Wait(caller, name, arguments));
        return linker.Define("env", "nest", new FuncType([ValType.I32, ValType.I32], [ValType.I64]), (caller, arguments, _) => Nest(caller, arguments));
    }

    private ValueTask<Value[]> Wait(Caller caller, string name, Value[] arguments)
    {
        var key = (caller.CallKey.Call, caller.CallKey.Wait);

        // Some need not wait.
        if (new RandomSource(_seed + (ulong)(key.Call << 20) + (ulong)key.Wait).OneIn(4))
            return ValueTask.FromResult(Results(name, arguments));
        var pending = new Pending(name, arguments, new TaskCompletionSource<Value[]>());
        _pending.Add(key, pending);
        return new ValueTask<Value[]>(pending.Source.Task);
    }

    /// <summary>Makes a promising call inside the one that calls; or finds it, if it was made before the snapshot.</summary>
    private ValueTask<Value[]> Nest(Caller caller, Value[] arguments)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"nested in {caller.CallKey.Call}/{caller.CallKey.Wait}");
        if (!_calls.TryGetValue(key, out var task))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"run{arguments[0].AsI32()}");
            Add(key, task = caller.Instance!.GetFunction(name).InvokeAsync(key, [arguments[1].AsI32()]));
        }

        return new ValueTask<Value[]>(task);
    }

    private static Value[] Results(string name, Value[] arguments) => name switch
    {
        "wait_i" => [(arguments[0].AsI32() * 31) + 7],
        "wait_l" => [(arguments[0].AsI64() * 31) + 7],
        "wait_f" => [(arguments[0].AsF32() * 0.5f) + 1],
        "wait_d" => [(arguments[0].AsF64() * 0.5) + 1],
        "wait_v" => [Value.FromV128(arguments[0].AsV128() ^ Vector128.Create((byte)0x55))],
        "wait_x" => [Value.FromExternRef(new Token((arguments[0].AsRef() as Token)?.Number + 1 ?? 0))],
        "wait_a" => [arguments[0]],
        _ => [Value.FromI64(arguments[0].AsI32() * 3L), Value.FromF32((float)arguments[1].AsF64())],
    };

    private static string Describe(Task<Value[]> task) => task switch
    {
        { IsCompletedSuccessfully: true, Result: var values } => Describe(values),
        { IsCanceled: true } => "cancelled",
        { Exception.InnerException: TrapException trap } => $"trap {trap.Kind}",
        { Exception.InnerException: HostFailure failure } => $"failure {failure.Number}",
        _ => task.Exception!.InnerException!.GetType().Name,
    };

    private static string Describe(Value[] values) => string.Join(' ', values.Select(value => value.Type.IsRef ? Describe(value.AsRef()) : value.ToString()));

    private static string Describe(object? reference) => reference switch
    {
        null => "null",
        Token token => $"token {token.Number}",
        _ => "reference",
    };

    private sealed record Token(int Number);

    private sealed record Pending(string Name, Value[] Arguments, TaskCompletionSource<Value[]> Source);

    private sealed class HostFailure(int number) : Exception($"The host failed at step {number}.")
    {
        public int Number => number;
    }
}
