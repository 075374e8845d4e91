namespace Fermata.Tests.Suspension;

/// <summary>
/// A program as a C compiler makes it, that decides at random what to do: its functions take arrays on the C stack, fill them with a pattern of their
/// call, wait, call the host or one another, and look whether their arrays are still as they were. The host decides at random what happens meanwhile.
/// </summary>
public sealed class StackProgram : IDisposable
{
    /// <summary>Where the C stack begins, and what its pointer must be when nothing runs.</summary>
    public const int Base = 16384;

    /// <summary>How many calls a schedule has at most, and how many one has in ten.</summary>
    public const int MostCalls = 40;

    /// <summary>The function <c>$same</c>: whether so many bytes at an address all have a value.</summary>
    public const string Same = """
        (func $same (param $at i32) (param $value i32) (param $size i32) (result i32)
          (loop $next
            (if (i32.eqz (local.get $size)) (then (return (i32.const 1))))
            (local.set $size (i32.sub (local.get $size) (i32.const 1)))
            (br_if $next (i32.eq
              (i32.load8_u (i32.add (local.get $at) (local.get $size)))
              (i32.and (local.get $value) (i32.const 255)))))
          (i32.const 0))
        """;

    private const int UsualCalls = 8;

    private const string Text = """
        (import "env" "wait" (func $wait))
        (import "env" "nest" (func $nest))
        (memory (export "memory") 2)
        (global $sp (export "__stack_pointer") (mut i32) (i32.const 16384))

        ;; Blocks of one size. A free one is full of 0xDD but for the address of the next free one. Both functions use the C stack themselves.
        (global $heap (mut i32) (i32.const 16384))
        (global $next (mut i32) (i32.const 0))
        (global $used (export "used") (mut i32) (i32.const 0))
        (global $size (mut i32) (i32.const 0))
        (func (export "malloc") (param $bytes i32) (result i32)
          (local $block i32)
          (call $scribble (i32.const 96))
          (global.set $used (i32.add (global.get $used) (i32.const 1)))
          (global.set $size (local.get $bytes))
          (local.set $block (global.get $next))
          (if (local.get $block)
            (then (global.set $next (i32.load (local.get $block))))
            (else
              (local.set $block (global.get $heap))
              (global.set $heap (i32.add (global.get $heap) (local.get $bytes)))
              (if (i32.gt_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536)))
                (then (drop (memory.grow (i32.const 1)))))))
          (local.get $block))
        (func (export "free") (param $block i32)
          (call $scribble (i32.const 96))
          (global.set $used (i32.sub (global.get $used) (i32.const 1)))
          (memory.fill (local.get $block) (i32.const 0xDD) (global.get $size))
          (i32.store (local.get $block) (global.get $next))
          (global.set $next (local.get $block)))

        ;; Writes to what is free of the C stack.
        (func $scribble (export "scribble") (param $bytes i32)
          (memory.fill (i32.sub (global.get $sp) (local.get $bytes)) (i32.const 0xEE) (local.get $bytes)))

        (global $state (mut i32) (i32.const 0))
        (func $random (param $below i32) (result i32)
          (global.set $state (i32.add (i32.mul (global.get $state) (i32.const 1664525)) (i32.const 1013904223)))
          (i32.rem_u (i32.shr_u (global.get $state) (i32.const 8)) (local.get $below)))
        (func (export "seed") (param i32) (global.set $state (local.get 0)))

        ;; Whether all arrays of the call stayed as they were.
        (func $run (export "run") (param $pattern i32) (param $depth i32) (result i32)
          (local $size i32) (local $array i32) (local $steps i32) (local $choice i32)
          (local.set $size (i32.mul (call $random (i32.const 16)) (i32.const 16)))
          (global.set $sp (local.tee $array (i32.sub (global.get $sp) (local.get $size))))
          (memory.fill (local.get $array) (local.get $pattern) (local.get $size))
          (local.set $steps (i32.add (call $random (i32.const 3)) (i32.const 1)))
          (loop $next
            (local.set $choice (call $random (i32.const 8)))
            (if (i32.lt_u (local.get $choice) (i32.const 4)) (then (call $wait))
              (else (if (i32.lt_u (local.get $choice) (i32.const 5)) (then (call $nest))
                (else (if (local.get $depth)
                  (then (if (i32.eqz (call $run
                      (i32.add (local.get $pattern) (i32.const 1))
                      (i32.sub (local.get $depth) (i32.const 1))))
                    (then (return (i32.const 0))))))))))
            (if (i32.eqz (call $same (local.get $array) (local.get $pattern) (local.get $size))) (then (return (i32.const 0))))
            (br_if $next (local.tee $steps (i32.sub (local.get $steps) (i32.const 1)))))
          (if (i32.eqz (call $random (i32.const 64))) (then (unreachable)))
          (global.set $sp (i32.add (local.get $array) (local.get $size)))
          (i32.const 1))
        """ + Same;

    private static readonly Engine Engine = new();
    private static readonly Module Module = Module.Parse(Engine, Text);

    private readonly Store _store;
    private readonly Func<int, int, CancellationToken, Task<int>> _run;
    private readonly Action<int> _scribble;
    private readonly Action<int> _seed;
    private readonly Global _pointer;
    private readonly Global _used;
    private readonly List<TaskCompletionSource> _waiting = [];
    private readonly List<Task<int>> _calls = [];
    private readonly List<CancellationTokenSource> _sources = [];
    private Random _random = new(0);
    private int _callsLeft;

    public StackProgram(ShadowStackPolicy policy)
    {
        // A completed task then runs its continuation at once, on the same thread.
        SynchronizationContext.SetSynchronizationContext(null);
        _store = new Store(Engine, new StoreOptions { ShadowStack = policy, SeparateStackBytes = 4096 });
        var linker = new Linker(Engine).Define("env", "wait", Wait).Define("env", "nest", Nest);
        var instance = linker.Instantiate(_store, Module);
        _run = instance.GetFunction<Func<int, int, CancellationToken, Task<int>>>("run");
        _scribble = instance.GetFunction<Action<int>>("scribble");
        _seed = instance.GetFunction<Action<int>>("seed");
        _pointer = instance.GetGlobal("__stack_pointer");
        _used = instance.GetGlobal("used");
    }

    /// <summary>How many blocks of the program's allocator are in use.</summary>
    public int UsedBlocks => _used.Value.AsI32();

    public int Pointer => _pointer.Value.AsI32();

    /// <summary>Runs calls in an order that depends on a number only.</summary>
    /// <returns>How many of them found a wrong byte, and how many ended otherwise.</returns>
    public (int Corrupt, int Intact, int Trapped, int Cancelled) RunSchedule(int seed)
    {
        _random = new Random(seed);
        _seed(seed);
        _callsLeft = seed % 10 == 0 ? MostCalls : UsualCalls;
        for (var steps = _callsLeft * 4; steps > 0; steps--)
            Step(_random.Next(10));
        while (_waiting.Count > 0)
            Release();

        Assert.All(_calls, call => Assert.True(call.IsCompleted));
        var (done, failed) = (_calls.Where(call => call.IsCompletedSuccessfully).ToList(), _calls.Where(call => call.IsFaulted).ToList());
        Assert.All(failed, call => Assert.StartsWith("unreachable", Assert.IsType<TrapException>(call.Exception!.InnerException).Message, StringComparison.Ordinal));
        var result = (done.Count(call => call.Result == 0), done.Count(call => call.Result == 1), failed.Count, _calls.Count(call => call.IsCanceled));
        _calls.Clear();
        _sources.Clear();
        return result;
    }

    public void Dispose() => _store.Dispose();

    private void Step(int choice)
    {
        if (choice < 3)
            Start();
        else if (choice == 3)
            _scribble(_random.Next(500));
        else if (choice == 4 && _sources.Count > 0)
            _sources[_random.Next(_sources.Count)].Cancel();
        else if (_waiting.Count > 0)
            Release();
    }

    private Task<int>? Start()
    {
        if (_callsLeft-- <= 0)
            return null;
        var token = CancellationToken.None;
        if (_random.Next(4) == 0)
        {
            _sources.Add(new CancellationTokenSource());
            token = _sources[^1].Token;
        }

        var call = _run(_random.Next(256), 3, token);
        _calls.Add(call);
        return call;
    }

    private void Release()
    {
        var index = _random.Next(_waiting.Count);
        var source = _waiting[index];
        _waiting.RemoveAt(index);
        source.SetResult();
    }

    /// <summary>The suspending import: waits for the schedule, or for a call that it makes itself, or for nothing.</summary>
    private Task Wait()
    {
        switch (_random.Next(8))
        {
            case 0:
                return Task.CompletedTask;
            case 1:
                // Only the end of the call counts, not how.
                return Start()?.ContinueWith(_ => { }, TaskContinuationOptions.ExecuteSynchronously) ?? Task.CompletedTask;
            default:
                _waiting.Add(new TaskCompletionSource());
                return _waiting[^1].Task;
        }
    }

    /// <summary>The synchronous import: calls back, with a promising call or another, or does not.</summary>
    private void Nest()
    {
        if (_random.Next(2) == 0)
            Start();
        else
            _scribble(_random.Next(500));
    }
}
