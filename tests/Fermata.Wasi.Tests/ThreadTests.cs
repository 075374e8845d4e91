using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Fermata.Wasi.Tests;

/// <summary>Programs that start threads.</summary>
public sealed class ThreadTests
{
    private const int WriteBytes = 5 << 19;

    /// <summary>Eight threads, each of which adds its argument at 0 and its number to a list at 1000, and counts itself at 4; what starting them gave is listed at 2000.</summary>
    private const string Adding = """
        (func (export "_start") (local $i i32)
          (loop $next
            (i32.store offset=2000 (i32.shl (local.get $i) (i32.const 2)) (call $spawn (local.get $i)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $next (i32.lt_u (local.get $i) (i32.const 8))))
          (call $wait_for (i32.const 8))
          (call $write (i32.const 1000) (i32.const 32))
          (call $write (i32.const 2000) (i32.const 32))
          (call $exit (i32.atomic.load (i32.const 0))))
        (func (export "wasi_thread_start") (param $number i32) (param $argument i32)
          (drop (i32.atomic.rmw.add (i32.const 0) (local.get $argument)))
          (i32.store offset=1000 (i32.shl (local.get $argument) (i32.const 2)) (local.get $number))
          (call $count))
        """;

    /// <summary>Starts two threads that never end, waits for them, and does what a test says.</summary>
    private const string TwoLoops = """
        (func $start_loops
          (drop (call $spawn (i32.const 0)))
          (drop (call $spawn (i32.const 0)))
          (call $wait_for (i32.const 2)))
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Engine _engine = new();

    [Fact]
    public async Task Threads_share_the_memory_and_wake_one_another()
    {
        using var output = new MemoryStream();
        Assert.Equal(28, await RunAsync(Adding, new WasiBuilder().WithOutput(output)));
        var numbers = MemoryMarshal.Cast<byte, int>(output.ToArray()).ToArray();
        Assert.Equal(numbers[..8], numbers[8..]);
        Assert.Equal(Enumerable.Range(1, 8), numbers[..8].Order());
    }

    [Fact]
    public async Task Programs_run_at_once()
    {
        var program = new WasiProgram(Parse(Adding));
        var codes = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => program.RunAsync(new WasiBuilder())))).WaitAsync(Patience);
        Assert.All(codes, code => Assert.Equal(28, code));
    }

    [Theory]
    [InlineData("(loop $forever (br $forever))")]
    [InlineData("(drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))")]
    [InlineData("(i64.store (i32.const 124) (i64.const 3600000000000)) (i32.store (i32.const 116) (i32.const 1)) (drop (call $poll (i32.const 100) (i32.const 200) (i32.const 1) (i32.const 300)))")]
    public async Task An_exit_in_a_thread_ends_all(string meanwhile)
    {
        var code = await RunAsync($"""
            {TwoLoops}
            (func (export "_start") (call $start_loops) (drop (call $spawn (i32.const 1))) {meanwhile} (call $exit (i32.const 1)))
            (func (export "wasi_thread_start") (param i32 i32)
              (if (local.get 1) (then (call $exit (i32.const 7))))
              (call $count)
              (loop $forever (br $forever)))
            """);
        Assert.Equal(7, code);
    }

    [Fact]
    public async Task A_trap_in_a_thread_ends_all()
    {
        var trap = await Assert.ThrowsAsync<TrapException>(() => RunAsync($"""
            {TwoLoops}
            (func (export "_start") (call $start_loops) (drop (call $spawn (i32.const 1))) (loop $forever (br $forever)))
            (func $thread (export "wasi_thread_start") (param i32 i32)
              (if (local.get 1) (then (unreachable)))
              (call $count)
              (loop $forever (br $forever)))
            """));
        Assert.Equal(TrapKind.Unreachable, trap.Kind);
        Assert.Contains("thread", trap.WasmStack[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_start_ends_all()
    {
        var code = await RunAsync($"""
            {TwoLoops}
            (func (export "_start") (call $start_loops))
            (func (export "wasi_thread_start") (param i32 i32) (call $count) (loop $forever (br $forever)))
            """);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task The_token_ends_all_and_their_stores_are_disposed()
    {
        var module = Parse("""
            (func (export "_start") (drop (call $spawn (i32.const 0))) (drop (call $spawn (i32.const 1))) (call $wait))
            (func (export "wasi_thread_start") (param i32 i32)
              (call $started)
              (if (local.get 1) (then (call $wait)))
              (loop $forever (br $forever)))
            (func $wait (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
            """, imports: """(import "test" "started" (func $started))""");
        var stores = new ConcurrentBag<Store>();
        var haveStarted = new TaskCompletionSource();
        var linker = new Linker(_engine).DefineWasi(module).Define("test", "started", (Caller caller) =>
        {
            stores.Add(caller.Store);
            if (stores.Count == 2)
                haveStarted.TrySetResult();
        });
        using var cancellation = new CancellationTokenSource();
        var run = new WasiProgram(module, linker).RunAsync(new WasiBuilder(), cancellationToken: cancellation.Token);
        await haveStarted.Task.WaitAsync(Patience);
        Assert.False(run.IsCompleted);
        await cancellation.CancelAsync();
        var problem = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Patience));
        Assert.Equal(cancellation.Token, problem.CancellationToken);
        Assert.All(stores, store => Assert.Throws<ObjectDisposedException>(() => store.Fibers));
    }

    [Fact]
    public async Task There_are_only_as_many_threads_as_allowed()
    {
        const string four = """
            (func (export "_start") (local $i i32) (local $result i32)
              (loop $next
                (local.set $result (call $spawn (i32.const 0)))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $next (i32.gt_s (local.get $result) (i32.const 0))))
              (call $exit (i32.sub (i32.mul (local.get $i) (i32.const 100)) (local.get $result))))
            (func (export "wasi_thread_start") (param i32 i32) (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
            """;
        Assert.Equal(400 + (int)Errno.EAGAIN, await RunAsync(four, new WasiBuilder().WithMaxThreads(3)));
        Assert.Equal(100 + (int)Errno.EAGAIN, await RunAsync(four, new WasiBuilder().WithMaxThreads(0)));
        Assert.Equal(25_700 + (int)Errno.EAGAIN, await RunAsync(four));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WasiBuilder().WithMaxThreads(-1));
    }

    [Fact]
    public async Task A_thread_that_has_ended_makes_room()
    {
        var code = await RunAsync("""
            (func (export "_start") (local $i i32) (local $last i32)
              (loop $next
                (drop (call $yield))
                (local.set $last (call $spawn (i32.const 0)))
                (br_if $next (i32.lt_s (local.get $last) (i32.const 0)))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $i) (i32.const 20))))
              (call $wait_for (i32.const 20))
              (call $exit (local.get $last)))
            (func (export "wasi_thread_start") (param i32 i32) (call $count))
            """, new WasiBuilder().WithMaxThreads(1));
        Assert.Equal(20, code);
    }

    [Fact]
    public async Task Without_a_thread_function_there_is_no_thread() =>
        Assert.Equal((int)Errno.EAGAIN, await RunAsync("""(func (export "_start") (call $exit (i32.sub (i32.const 0) (call $spawn (i32.const 0)))))"""));

    [Fact]
    public async Task Without_a_shared_memory_there_is_no_thread()
    {
        var program = new WasiProgram(Module.Parse(_engine, """
            (module
              (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (func (export "_start") (call $exit (i32.sub (i32.const 0) (call $spawn (i32.const 0)))))
              (func (export "wasi_thread_start") (param i32 i32)))
            """));
        Assert.Equal((int)Errno.ENOTSUP, await program.RunAsync(new WasiBuilder()));
    }

    [Fact]
    public async Task Writes_of_two_threads_do_not_mix()
    {
        var output = new SlowOutput();
        await RunAsync(string.Create(CultureInfo.InvariantCulture, $"""
            (func (export "_start")
              (drop (call $spawn (i32.const 1)))
              (drop (call $spawn (i32.const 2)))
              (call $wait_for (i32.const 2)))
            (func (export "wasi_thread_start") (param $number i32) (param $argument i32) (local $from i32) (local $i i32)
              (local.set $from (i32.add (i32.const 65536) (i32.mul (i32.const {WriteBytes}) (i32.sub (local.get $argument) (i32.const 1)))))
              (memory.fill (local.get $from) (local.get $argument) (i32.const {WriteBytes}))
              (loop $next
                (i32.store (i32.mul (local.get $argument) (i32.const 100)) (local.get $from))
                (i32.store offset=4 (i32.mul (local.get $argument) (i32.const 100)) (i32.const {WriteBytes}))
                (drop (call $fd_write (i32.const 1) (i32.mul (local.get $argument) (i32.const 100)) (i32.const 1) (i32.mul (local.get $argument) (i32.const 400))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $next (i32.lt_u (local.get $i) (i32.const 4))))
              (call $count))
            """), new WasiBuilder().WithOutput(output));
        var bytes = output.ToArray();
        Assert.Equal(8 * WriteBytes, bytes.Length);
        Assert.All(bytes.Chunk(WriteBytes), write => Assert.Equal(-1, write.AsSpan().IndexOfAnyExcept(write[0])));
        Assert.Equal(4, bytes.Chunk(WriteBytes).Count(write => write[0] == 1));
    }

    /// <summary>Another thread makes the last of 1,024 vectors shorter and longer while they are read.</summary>
    [Fact]
    public async Task A_write_whose_vectors_change_writes_nothing_but_the_memory()
    {
        var output = new PoisoningOutput();
        await RunAsync("""
            (func (export "_start") (local $i i32)
              (memory.fill (i32.const 65536) (i32.const 0xAA) (i32.const 65536))
              (loop $next
                (i32.store offset=8192 (local.get $i) (i32.const 65536))
                (i32.store offset=8196 (local.get $i) (i32.const 1))
                (local.set $i (i32.add (local.get $i) (i32.const 8)))
                (br_if $next (i32.lt_u (local.get $i) (i32.const 8192))))
              (drop (call $spawn (i32.const 0)))
              (call $wait_for (i32.const 1))
              (loop $next
                (drop (call $fd_write (i32.const 1) (i32.const 8192) (i32.const 1024) (i32.const 16)))
                (local.set $i (i32.sub (local.get $i) (i32.const 1)))
                (br_if $next (local.get $i))))
            (func (export "wasi_thread_start") (param i32 i32)
              (call $count)
              (loop $forever
                (i32.atomic.store (i32.const 16380) (i32.const 0))
                (i32.atomic.store (i32.const 16380) (i32.const 65536))
                (br $forever)))
            """, new WasiBuilder().WithOutput(output));
        Assert.Equal(8192, output.Writes);
        Assert.Equal(0, output.ForeignBytes);
    }

    [Fact]
    public async Task A_thread_has_its_C_stack_where_the_program_puts_it()
    {
        var code = await RunAsync("""
            (global $stack (export "__stack_pointer") (mut i32) (i32.const 66000))
            (global (export "__stack_low") i32 (i32.const 65536))
            (global (export "__stack_high") i32 (i32.const 66000))
            (global (export "__data_end") i32 (i32.const 65536))
            (global (export "__heap_base") i32 (i32.const 66000))
            (func (export "_start")
              (drop (call $spawn (i32.const 0)))
              (call $wait_for (i32.const 1))
              (call $exit (i32.const 3)))
            (func (export "wasi_thread_start") (param i32 i32)
              (global.set $stack (i32.const 2000))
              (drop (call $yield))
              (call $count))
            """);
        Assert.Equal(3, code);
    }

    [Fact]
    public async Task Limits_of_the_run_hold_for_the_memory_and_for_each_thread()
    {
        var program = new WasiProgram(Parse(Adding));
        await Assert.ThrowsAsync<ResourceLimitException>(() => program.RunAsync(new WasiBuilder(), new StoreOptions { Limiter = new StoreLimits { MaxMemoryBytes = 99 << 16 } }));
        Assert.Equal(28, await program.RunAsync(new WasiBuilder(), new StoreOptions { Limiter = new StoreLimits { MaxMemoryBytes = 100 << 16 } }));
    }

    /// <summary>Beyond 100 pages the program may have five, whoever wants them.</summary>
    [Fact]
    public async Task Growth_of_the_memory_counts_once_for_the_program()
    {
        var program = new WasiProgram(Parse("""
            (func (export "_start")
              (drop (memory.grow (i32.const 2)))
              (drop (call $spawn (i32.const 0)))
              (call $wait_for (i32.const 1))
              (call $exit (i32.load (i32.const 0))))
            (func (export "wasi_thread_start") (param i32 i32)
              (i32.store (i32.const 0) (i32.add (memory.grow (i32.const 4)) (i32.mul (i32.const 10) (memory.grow (i32.const 3)))))
              (call $count))
            """));
        Assert.Equal(-1 + 1020, await program.RunAsync(new WasiBuilder(), new StoreOptions { Limiter = new StoreLimits { MaxMemoryBytes = 105 << 16 } }));
    }

    [Fact]
    public async Task Threads_share_the_fuel_of_a_tank()
    {
        // Each thread does some 50,000 instructions.
        var program = new WasiProgram(Parse("""
            (func (export "_start") (drop (call $spawn (i32.const 10_000))) (drop (call $spawn (i32.const 10_000))) (call $wait_for (i32.const 2)))
            (func (export "wasi_thread_start") (param $number i32) (param $rest i32)
              (loop $next (br_if $next (local.tee $rest (i32.sub (local.get $rest) (i32.const 1)))))
              (call $count))
            """, new Engine(new EngineOptions { UsesFuel = true })));
        var tank = new FuelTank(1_000_000);
        Assert.Equal(0, await program.RunAsync(new WasiBuilder(), new StoreOptions { FuelTank = tank }).WaitAsync(Patience));
        Assert.InRange(tank.Left, 850_000, 950_000);
        var run = program.RunAsync(new WasiBuilder(), new StoreOptions { FuelTank = new FuelTank(75_000) });
        Assert.Equal(TrapKind.OutOfFuel, (await Assert.ThrowsAsync<TrapException>(() => run.WaitAsync(Patience))).Kind);
    }

    [Fact]
    public async Task Threads_have_fuel_of_the_fuel_source_only()
    {
        var engine = new Engine(new EngineOptions { UsesFuel = true });
        var program = new WasiProgram(Parse("""
            (func (export "_start") (drop (call $spawn (i32.const 10_000))) (call $wait_for (i32.const 1)))
            (func (export "wasi_thread_start") (param $number i32) (param $rest i32)
              (loop $next (br_if $next (local.tee $rest (i32.sub (local.get $rest) (i32.const 1)))))
              (call $count))
            """, engine));
        var bought = 0;
        Assert.Equal(0, await program.RunAsync(new WasiBuilder(), new StoreOptions { FuelSource = () => new(Interlocked.Increment(ref bought) > 0 ? 1000 : 0) }));
        Assert.InRange(bought, 20, 80);
        await using var store = new Store(engine, new StoreOptions { CallsSuspendingImportsSynchronously = true });
        store.Fuel = 1_000_000;
        var trap = await Assert.ThrowsAsync<TrapException>(() => program.RunAsync(new WasiBuilder(), store).WaitAsync(Patience));
        Assert.Equal(TrapKind.OutOfFuel, trap.Kind);
    }

    private async Task<int> RunAsync(string code, WasiBuilder? builder = null)
    {
        var program = new WasiProgram(Parse(code));

        // A program that computes keeps the thread that starts it.
        return await Task.Run(() => program.RunAsync(builder ?? new WasiBuilder())).WaitAsync(Patience);
    }

    /// <summary>A module with what programs have in common: at 4 is a count that threads add to and wait for.</summary>
    private Module Parse(string code, Engine? engine = null, string imports = "") => Module.Parse(engine ?? _engine, $"""
        (module
          (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
          (import "env" "memory" (memory 100 200 shared))
          {imports}
          (export "memory" (memory 0))
          (func $count
            (drop (i32.atomic.rmw.add (i32.const 4) (i32.const 1)))
            (drop (memory.atomic.notify (i32.const 4) (i32.const -1))))
          (func $wait_for (param $wanted i32) (local $count i32)
            (loop $again
              (local.set $count (i32.atomic.load (i32.const 4)))
              (if (i32.lt_u (local.get $count) (local.get $wanted))
                (then
                  (drop (memory.atomic.wait32 (i32.const 4) (local.get $count) (i64.const -1)))
                  (br $again)))))
          (func $write (param $address i32) (param $length i32)
            (i32.store (i32.const 8) (local.get $address))
            (i32.store (i32.const 12) (local.get $length))
            (drop (call $fd_write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 16))))
          {code})
        """);

    /// <summary>An output that leaves other bytes in the arrays that it is given than those of the program's memory.</summary>
    private sealed class PoisoningOutput : OutputStream
    {
        private const byte OfMemory = 0xAA;

        public int Writes { get; private set; }

        public int ForeignBytes { get; private set; }

        public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
        {
            Writes++;
            ForeignBytes += bytes.Length - bytes.Span.Count(OfMemory);
            MemoryMarshal.AsMemory(bytes).Span.Fill(0xBB);
            return new(Errno.None);
        }
    }

    /// <summary>An output that takes a while for each write, so that others may come in between.</summary>
    private sealed class SlowOutput : OutputStream
    {
        private readonly List<byte> _bytes = [];

        public byte[] ToArray() => [.. _bytes];

        public override async ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
        {
            await Task.Delay(1, cancellationToken);
            lock (_bytes)
                _bytes.AddRange(bytes.Span);
            return Errno.None;
        }
    }
}
