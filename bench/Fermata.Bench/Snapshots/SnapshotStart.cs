using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>
/// What it takes in a new process until a program calls the host for the first time: from its beginning, for which it computes some time, or from a snapshot in a file that was made when it waited
/// there. Both load the module.
/// </summary>
/// <param name="isRestored">Whether it begins with the snapshot.</param>
internal sealed class SnapshotStart(bool isRestored) : IBenchmark
{
    /// <summary>So many primes are below 2^24, and the program has 30 activations that add one each.</summary>
    private const int Result = 1_077_871 + 30;

    private static readonly string SnapshotFile = BenchFolder.Path("kernels", "built", "primes.snapshot");

    /// <summary>Makes the snapshot.</summary>
    public static async Task WriteAsync()
    {
        var run = new Run();
        run.Begin();
        await run.IsWaiting;
        Directory.CreateDirectory(Path.GetDirectoryName(SnapshotFile)!);
        await using var file = File.Create(SnapshotFile);
        await run.Store!.SnapshotAsync(file);
    }

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var run = new Run();
        if (isRestored)
            run.Restore();
        else
            run.Begin();
        run.IsWaiting.Wait();
        var elapsed = Stopwatch.GetElapsedTime(start);
        return new Measurement(elapsed.TotalMilliseconds, Checksum: run.End());
    }

    /// <summary>One run of the program.</summary>
    private sealed class Run
    {
        private readonly TaskCompletionSource _waits = new();
        private readonly TaskCompletionSource<int> _answer = new();
        private readonly Engine _engine = new();
        private readonly Linker _linker;
        private readonly Module _module;
        private Task<Value[]>? _results;

        public Run()
        {
            _module = Module.LoadFile(_engine, BenchFolder.Path("modules", "primes.wasm"));
            _linker = new Linker(_engine).Define("env", "wait", (int _) =>
            {
                _waits.SetResult();
                return new ValueTask<int>(_answer.Task);
            });
        }

        public Store? Store { get; private set; }

        public Task IsWaiting => _waits.Task;

        public void Begin()
        {
            Store = new Store(_engine);
            _results = _linker.Instantiate(Store, _module).GetFunction("run").InvokeAsync("run", []);
        }

        public void Restore()
        {
            using var file = File.OpenRead(SnapshotFile);
            var restored = Store.Restore(_engine, file, _linker, new RestoreOptions { Modules = [_module] });
            Store = restored.Store;
            _results = restored.Call("run").Task;
            restored.Resume();
        }

        /// <summary>Has it go on to its end.</summary>
        public int End()
        {
            _answer.SetResult(1);
            var result = _results!.Result[0].AsI32();
            Store!.Dispose();
            Guest.Expect(result, Result);
            return result;
        }
    }
}
