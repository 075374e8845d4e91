using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Wasmtime;

namespace Fermata.Bench;

/// <summary>The same programs as in <see cref="WasiSleep"/>, in Wasmtime: there a program holds its thread while it waits, so each has one.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as its process.")]
internal sealed class WasmtimeSleep : IBenchmark
{
    // A thread and its store take seven or so mappings of memory, and Linux lets a process have 65,530 (vm.max_map_count).
    private const int MostThreads = 5_000;

    private readonly int _programs;
    private readonly SemaphoreSlim _threads = new(MostThreads);
    private readonly Wasmtime.Engine _engine = new();
    private readonly Wasmtime.Module _module;
    private readonly Wasmtime.Linker _linker;

    /// <param name="programs">How many.</param>
    public WasmtimeSleep(int programs)
    {
        _programs = programs;
        _module = Wasmtime.Module.FromFile(_engine, BenchFolder.Path("modules", "wasi-sleep.wasm"));
        _linker = new Wasmtime.Linker(_engine);
        _linker.DefineWasi();
    }

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, _programs).Select(_ => new Thread(Run)).ToArray();
        foreach (var thread in threads)
        {
            _threads.Wait();
            thread.Start();
        }

        foreach (var thread in threads)
            thread.Join();
        return new Measurement(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    private void Run()
    {
        using var store = new Wasmtime.Store(_engine);
        store.SetWasiConfiguration(new WasiConfiguration());
        _linker.Instantiate(store, _module).GetAction("_start")!();
        _threads.Release();
    }
}
