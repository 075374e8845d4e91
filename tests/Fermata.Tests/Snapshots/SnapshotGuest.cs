using System.Threading.Channels;

namespace Fermata.Tests.Snapshots;

/// <summary>
/// A program with a suspending import <c>env.wait</c> of type <c>i32 → i32</c>, in a store of its own: its tasks end when a test says so. It can be saved, and restored in a new engine, which
/// knows no more of the first one than another process would.
/// </summary>
internal sealed class SnapshotGuest : IDisposable
{
    private readonly string _program;
    private readonly EngineOptions _engineOptions;
    private readonly StoreOptions _storeOptions;
    private readonly Channel<Wait> _waits = Channel.CreateUnbounded<Wait>();

    public SnapshotGuest(string program, EngineOptions? engineOptions = null, StoreOptions? storeOptions = null, IReadOnlyList<ReferenceCodec>? codecs = null)
    {
        _program = program;
        _engineOptions = engineOptions ?? new EngineOptions();
        _storeOptions = storeOptions ?? StoreOptions.Default;
        Codecs = codecs ?? [];
        Engine = new Engine(_engineOptions);
        Module = Module.Parse(Engine, program);
        Store = new Store(Engine, _storeOptions);
        Instance = Linker().Instantiate(Store, Module);
    }

    private SnapshotGuest(SnapshotGuest saved, byte[] snapshot, EngineOptions? engineOptions = null)
    {
        _program = saved._program;
        _engineOptions = engineOptions ?? saved._engineOptions;
        _storeOptions = saved._storeOptions;
        Codecs = saved.Codecs;
        Engine = new Engine(_engineOptions);
        Module = Module.Parse(Engine, _program);
        Restored = Store.Restore(Engine, new MemoryStream(snapshot), Linker(), new RestoreOptions { Modules = [Module], Store = _storeOptions, Codecs = Codecs });
        Store = Restored.Store;
        Instance = Restored.Instances[0];
    }

    public Engine Engine { get; }

    public Module Module { get; }

    public Store Store { get; }

    public Instance Instance { get; }

    public RestoredStore? Restored { get; }

    public IReadOnlyList<ReferenceCodec> Codecs { get; set; }

    /// <summary>Which of its calls no snapshot may have, by their arguments.</summary>
    public Func<int, bool> Holds { get; set; } = static _ => false;

    public void Dispose() => Store.Dispose();

    public Task<Value[]> Call(string name, params ReadOnlySpan<Value> arguments) => Instance.GetFunction(name).InvokeAsync(name, arguments);

    /// <summary>The next call of the import that no test has seen.</summary>
    public async Task<Wait> NextWaitAsync() => await _waits.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(5));

    public async Task AnswerAsync(int result) => (await NextWaitAsync()).Task.SetResult(result);

    public byte[] Save()
    {
        using var stream = new MemoryStream();
        Store.Snapshot(stream, new SnapshotOptions { Codecs = Codecs });
        return stream.ToArray();
    }

    /// <summary>The program as it is, in a new engine; its calls do not go on yet.</summary>
    public SnapshotGuest Copy(EngineOptions? engineOptions = null) => new(this, Save(), engineOptions);

    /// <summary>The program of a snapshot.</summary>
    public SnapshotGuest Load(byte[] snapshot) => new(this, snapshot);

    private Linker Linker() => new Linker(Engine).Define("env", "wait", (Caller caller, int argument) =>
    {
        var wait = new Wait(argument, caller.CallKey, new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
        if (Holds(argument))
            caller.HoldSnapshots();
        Assert.True(_waits.Writer.TryWrite(wait));
        return wait.Task.Task;
    });

    internal sealed record Wait(int Argument, CallKey Key, TaskCompletionSource<int> Task);
}
