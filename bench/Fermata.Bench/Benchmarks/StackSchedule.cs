using System.Diagnostics;
using Fermata.Runtime;

namespace Fermata.Bench;

/// <summary>
/// Calls that keep an array each on the C stack and wait in turns, under a policy. Nested, the newest call goes on until it ends, and then the one before;
/// else the one goes on that waited longest.
/// </summary>
internal sealed class StackSchedule : IBenchmark
{
    private const int Calls = 16;
    private const int WaitsOfCall = 64;
    private const int Repetitions = 100;

    // The allocator is the least that a benchmark can do with.
    private const string Text = """
        (import "env" "wait" (func $wait (result i32)))
        (memory 64)
        (global $sp (export "__stack_pointer") (mut i32) (i32.const 65536))
        (global $heap (mut i32) (i32.const 65536))
        (func (export "malloc") (param i32) (result i32)
          (global.get $heap) (global.set $heap (i32.add (global.get $heap) (local.get 0))))
        (func (export "free") (param i32))
        (func (export "run") (param $times i32) (result i32)
          (local $array i32) (local $sum i32)
          (global.set $sp (local.tee $array (i32.sub (global.get $sp) (i32.const 256))))
          (loop $again
            (i32.store (local.get $array) (local.get $sum))
            (local.set $sum (i32.add (call $wait) (i32.load (local.get $array))))
            (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))
          (global.set $sp (i32.add (local.get $array) (i32.const 256)))
          (local.get $sum))
        """;

    private readonly LinkedList<TaskCompletionSource<int>> _waiting = [];
    private readonly bool _isNested;
    private readonly ShadowStacks _stacks;
    private readonly Global _pointer;
    private readonly Func<int, Task<int>> _run;

    public StackSchedule(ShadowStackPolicy policy, bool isNested)
    {
        _isNested = isNested;
        var engine = new Engine();
        var store = new Store(engine, new StoreOptions { ShadowStack = policy });
        _stacks = store.Context.ShadowStacks;
        var instance = new Linker(engine).Define("env", "wait", Wait).Instantiate(store, Module.Parse(engine, Text));
        _pointer = instance.GetGlobal("__stack_pointer");
        _run = instance.GetFunction<Func<int, Task<int>>>("run");
    }

    public Measurement Round()
    {
        const int suspensions = Calls * WaitsOfCall * Repetitions;
        var copied = _stacks.CopiedBytes;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Repetitions; i++)
            Repeat();
        var elapsed = Stopwatch.GetElapsedTime(start);
        copied = _stacks.CopiedBytes - copied;
        return new Measurement(elapsed.TotalNanoseconds / suspensions, Copied: (double)copied / suspensions);
    }

    private void Repeat()
    {
        // Calls that do not end in reverse order leave it somewhere, without a policy. While they run, all their arrays have places of their own.
        _pointer.Value = 65536;
        var calls = new Task<int>[Calls];
        for (var i = 0; i < calls.Length; i++)
            calls[i] = _run(WaitsOfCall);
        while ((_isNested ? _waiting.Last : _waiting.First) is { } next)
        {
            _waiting.Remove(next);
            next.Value.SetResult(1);
        }

        Array.ForEach(calls, call => Guest.Expect(call.Result, WaitsOfCall));
    }

    private Task<int> Wait() => _waiting.AddLast(new TaskCompletionSource<int>()).Value.Task;
}
