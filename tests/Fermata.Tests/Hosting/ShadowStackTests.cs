using Fermata.Tests.Suspension;

namespace Fermata.Tests.Hosting;

/// <summary>Programs with a C stack in linear memory, as clang makes them, whose calls interleave.</summary>
public sealed class ShadowStackTests
{
    // Takes a frame of $size bytes, fills it with $id, waits, and looks whether all bytes are still there. $depth more frames
    // of the same kind are taken and given back in between, and each of them waits too.
    private const string Frames = """
        (import "env" "wait" (func $wait (param i32)))
        (import "env" "nest" (func $nest (param i32)))
        (memory (export "memory") 1)
        (func $run (export "run") (param $id i32) (param $size i32) (param $depth i32) (result i32)
          (local $frame i32) (local $intact i32)
          (global.set $sp (local.tee $frame (i32.sub (global.get $sp) (local.get $size))))
          (memory.fill (local.get $frame) (local.get $id) (local.get $size))
          (call $wait (local.get $id))
          (local.set $intact (call $same (local.get $frame) (local.get $id) (local.get $size)))
          (if (local.get $depth)
            (then
              (call $nest (local.get $id))
              (local.set $intact (i32.and (local.get $intact)
                (call $run (i32.add (local.get $id) (i32.const 1)) (i32.add (local.get $size) (i32.const 16)) (i32.sub (local.get $depth) (i32.const 1)))))
              (call $wait (local.get $id))
              (local.set $intact (i32.and (local.get $intact) (call $same (local.get $frame) (local.get $id) (local.get $size))))))
          (global.set $sp (i32.add (local.get $frame) (local.get $size)))
          (local.get $intact))
        (func (export "trap") (param $size i32)
          (global.set $sp (i32.sub (global.get $sp) (local.get $size)))
          (call $wait (i32.const 0))
          (unreachable))
        (func (export "trapNow") (global.set $sp (i32.sub (global.get $sp) (i32.const 64))) (unreachable))
        """ + StackProgram.Same;

    private const string Exported = """(global $sp (export "__stack_pointer") (mut i32) (i32.const 8192))""";
    private const string Named = """(global $__stack_pointer (mut i32) (i32.const 8192))""";
    private const string Imported = """(import "env" "__stack_pointer" (global $sp (mut i32)))""";

    public static TheoryData<string, int> Schedules()
    {
        var data = new TheoryData<string, int>();
        foreach (var pointer in new[] { Exported, Named, Imported })
        {
            for (var seed = 0; seed < 10; seed++)
                data.Add(pointer, seed);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public async Task EveryCallKeepsItsStackUnderAnySchedule(string pointer, int seed)
    {
        using var program = new Program(pointer, ShadowStackPolicy.CopyOnConflict);
        var random = new Random(seed);
        var calls = new List<Task<int>>();
        var start = program.Instance.GetFunction<Func<int, int, int, Task<int>>>("run");
        program.Nest = id =>
        {
            // A call within a call, on the same native stack.
            if (calls.Count < 150)
                calls.Add(start(random.Next(256), random.Next(200), random.Next(2)));
        };
        for (var step = 0; step < 3000 && calls.Count < 150; step++)
        {
            if (random.Next(3) == 0)
                calls.Add(start(random.Next(256), random.Next(4) == 0 ? 0 : random.Next(200), random.Next(4)));
            else
                program.ReleaseAny(random);
        }

        while (program.ReleaseAny(random))
        {
        }

        Assert.All(await Task.WhenAll(calls), intact => Assert.Equal(1, intact));
        Assert.Equal(8192, program.StackPointer);
    }

    [Fact]
    public async Task WithoutThePolicyInterleavedCallsDestroyOneAnother()
    {
        using var program = new Program(Exported, ShadowStackPolicy.None);
        var start = program.Instance.GetFunction<Func<int, int, int, Task<int>>>("run");
        var first = start(1, 32, 0);
        var victim = start(2, 32, 0);
        program.Release(0);
        var overwriter = start(3, 64, 0);
        program.Release(0);
        program.Release(0);
        var intact = await Task.WhenAll(first, victim, overwriter);
        Assert.Equal([1, 0, 1], intact);
    }

    [Theory]
    [InlineData(ShadowStackPolicy.CopyOnConflict, 0)]
    [InlineData(ShadowStackPolicy.Copy, 20 * 2 * 100)]
    [InlineData(ShadowStackPolicy.None, 0)]
    public async Task CallsThatEndInReverseOrderCopyNothingUnlessTheyAreToldTo(ShadowStackPolicy policy, long copied)
    {
        using var program = new Program(Exported, policy);
        var start = program.Instance.GetFunction<Func<int, int, int, Task<int>>>("run");
        var calls = Enumerable.Range(0, 20).Select(id => start(id, 100, 0)).ToArray();
        for (var i = calls.Length - 1; i >= 0; i--)
            program.Release(i);
        Assert.All(await Task.WhenAll(calls), intact => Assert.Equal(1, intact));
        Assert.Equal(copied, program.CopiedBytes);
    }

    [Fact]
    public async Task ATrapGivesTheStackBack()
    {
        using var program = new Program(Exported, ShadowStackPolicy.CopyOnConflict);
        var trap = program.Instance.GetFunction<Func<int, Task>>("trap");
        Assert.ThrowsAny<TrapException>(program.Instance.GetFunction<Action>("trapNow"));
        Assert.Equal(8192, program.StackPointer);
        for (var i = 0; i < 20; i++)
        {
            var task = trap(100);
            program.Release(0);
            await Assert.ThrowsAnyAsync<TrapException>(() => task);
            Assert.Equal(8192, program.StackPointer);
        }
    }

    [Fact]
    public async Task CallsThatEndOutOfOrderDoNotUseTheStackUp()
    {
        using var program = new Program(Exported, ShadowStackPolicy.CopyOnConflict);
        var start = program.Instance.GetFunction<Func<int, int, int, Task<int>>>("run");
        var lowest = 8192;
        var calls = new List<Task<int>> { start(0, 100, 0) };
        for (var i = 1; i < 500; i++)
        {
            // There are always one or two calls, and the older one ends first.
            calls.Add(start(i, 100, 0));
            lowest = Math.Min(lowest, program.StackPointer);
            program.Release(0);
        }

        program.Release(0);
        Assert.All(await Task.WhenAll(calls), intact => Assert.Equal(1, intact));
        Assert.InRange(lowest, 8192 - 400, 8192);
        Assert.Equal(8192, program.StackPointer);
    }

    [Fact]
    public async Task ManyWaitingCallsDoNotOverflowTheStack()
    {
        using var program = new Program(Exported, ShadowStackPolicy.CopyOnConflict);
        var start = program.Instance.GetFunction<Func<int, int, int, Task<int>>>("run");
        var calls = Enumerable.Range(0, 1000).Select(id => start(id, 100, 0)).ToArray();
        Assert.InRange(program.StackPointer, 4096 - 200, 8192);
        var random = new Random(3);
        while (program.ReleaseAny(random))
        {
        }

        Assert.All(await Task.WhenAll(calls), intact => Assert.Equal(1, intact));
    }

    [Theory]
    [InlineData(0x10000)]
    [InlineData(-1)]
    [InlineData(0)]
    public async Task AStrangeStackPointerHarmsOnlyItsModule(int strange)
    {
        using var program = new Program(Exported, ShadowStackPolicy.CopyOnConflict);
        var start = program.Instance.GetFunction<Func<int, int, int, Task<int>>>("run");
        var first = start(1, 100, 0);
        var second = start(2, 100, 0);
        program.StackPointer = strange;
        _ = start(3, 0, 0);
        var random = new Random(1);
        while (program.ReleaseAny(random))
        {
        }

        var intact = await Task.WhenAll(first, second);
        Assert.Equal([1, 1], intact);
    }

    [Fact]
    public async Task AForgottenCallIsCollected()
    {
        using var program = new Program(Exported, ShadowStackPolicy.CopyOnConflict);
        var token = StartAndForget(program);
        for (var i = 0; i < 10 && token.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        Assert.False(token.IsAlive);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference StartAndForget(Program program)
    {
        var task = program.Instance.GetFunction("run").InvokeAsync(1, 32, 0);
        program.Forget();
        return new WeakReference(task);
    }

    private sealed class Program : IDisposable
    {
        private readonly Guest _guest;
        private readonly List<TaskCompletionSource> _waiting = [];
        private readonly Global? _imported;

        public Program(string pointer, ShadowStackPolicy policy)
        {
            // A completed task then runs its continuation at once, on the same thread.
            SynchronizationContext.SetSynchronizationContext(null);
            _guest = new Guest(new StoreOptions { ShadowStack = policy });
            _guest.Linker.Define("env", "wait", (int id) =>
            {
                var gate = new TaskCompletionSource();
                _waiting.Add(gate);
                return gate.Task;
            });
            _guest.Linker.Define("env", "nest", (int id) => Nest(id));
            _imported = new Global(_guest.Store, new GlobalType(ValType.I32, true), 8192);
            _guest.Linker.Define("env", "__stack_pointer", _imported);
            var text = Frames.Replace("$sp", pointer.Contains("$sp", StringComparison.Ordinal) ? "$sp" : "$__stack_pointer", StringComparison.Ordinal);
            var imports = text.IndexOf("(memory", StringComparison.Ordinal);
            Instance = _guest.Instantiate(text[..imports] + pointer + text[imports..]);
        }

        public Instance Instance { get; }

        public long CopiedBytes => _guest.Store.Context.ShadowStacks.CopiedBytes;

        public Action<int> Nest { get; set; } = _ => { };

        public int StackPointer
        {
            get => Pointer.Value.AsI32();
            set => Pointer.Value = value;
        }

        private Global Pointer => Instance.TryGetGlobal("__stack_pointer", out var pointer) ? pointer : (Instance.Module.Imports.Count == 3 ? _imported! : Instance.Globals[0]);

        public void Release(int index)
        {
            var gate = _waiting[index];
            _waiting.RemoveAt(index);
            gate.SetResult();
        }

        public bool ReleaseAny(Random random)
        {
            if (_waiting.Count == 0)
                return false;
            Release(random.Next(_waiting.Count));
            return true;
        }

        public void Forget() => _waiting.Clear();

        public void Dispose() => _guest.Dispose();
    }
}
