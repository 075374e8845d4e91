using System.Net.Sockets;
using System.Text;

namespace Fermata.Wasi.Tests;

/// <summary>Programs that serve connections, and many of them at once.</summary>
public sealed class ServerTests
{
    /// <summary>Serves one connection of the listener: waits for it, then sends back what comes. It has its variables on a C stack, and gives how many bytes it sent.</summary>
    private const string Server = """
        (module
          (import "wasi_snapshot_preview1" "sock_accept" (func $sock_accept (param i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "sock_recv" (func $sock_recv (param i32 i32 i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "sock_send" (func $sock_send (param i32 i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
          (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 64)
          (global $__stack_pointer (export "__stack_pointer") (mut i32) (i32.const 65536))
          (global $heap (mut i32) (i32.const 65536))
          (func (export "malloc") (param $size i32) (result i32)
            (global.get $heap)
            (global.set $heap (i32.and (i32.add (i32.add (global.get $heap) (local.get $size)) (i32.const 15)) (i32.const -16))))
          (func (export "free") (param i32))

          (func $check (param $error i32)
            (if (local.get $error) (then unreachable)))

          ;; The frame: 0 the descriptor, 4 a count, 8 flags, 16 a vector, 32 a subscription, 96 an event, 128 a buffer.
          (func (export "serve") (result i32) (local $frame i32) (local $total i32)
            (global.set $__stack_pointer (local.tee $frame (i32.sub (global.get $__stack_pointer) (i32.const 256))))
            (call $check (call $sock_accept (i32.const 3) (i32.const 0) (local.get $frame)))
            (block $end
              (loop $next
                (memory.fill (i32.add (local.get $frame) (i32.const 32)) (i32.const 0) (i32.const 48))
                (i32.store8 offset=40 (local.get $frame) (i32.const 1))
                (i32.store offset=48 (local.get $frame) (i32.load (local.get $frame)))
                (call $check (call $poll_oneoff
                  (i32.add (local.get $frame) (i32.const 32)) (i32.add (local.get $frame) (i32.const 96)) (i32.const 1) (i32.add (local.get $frame) (i32.const 4))))
                (call $check (i32.ne (i32.load offset=4 (local.get $frame)) (i32.const 1)))
                (i32.store offset=16 (local.get $frame) (i32.add (local.get $frame) (i32.const 128)))
                (i32.store offset=20 (local.get $frame) (i32.const 128))
                (call $check (call $sock_recv
                  (i32.load (local.get $frame)) (i32.add (local.get $frame) (i32.const 16)) (i32.const 1) (i32.const 0)
                  (i32.add (local.get $frame) (i32.const 4)) (i32.add (local.get $frame) (i32.const 8))))
                (br_if $end (i32.eqz (i32.load offset=4 (local.get $frame))))
                (i32.store offset=20 (local.get $frame) (i32.load offset=4 (local.get $frame)))
                (call $check (call $sock_send
                  (i32.load (local.get $frame)) (i32.add (local.get $frame) (i32.const 16)) (i32.const 1) (i32.const 0) (i32.add (local.get $frame) (i32.const 4))))
                (local.set $total (i32.add (local.get $total) (i32.load offset=4 (local.get $frame))))
                (br $next)))
            (call $check (call $fd_close (i32.load (local.get $frame))))
            (global.set $__stack_pointer (i32.add (local.get $frame) (i32.const 256)))
            (local.get $total))
          (func (export "_start")))
        """;

    private const string Sleeper = """
        (module
          (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (func (export "_start")
            (i32.store offset=16 (i32.const 0) (i32.const 1))               ;; the monotonic clock
            (i64.store offset=24 (i32.const 0) (i64.const 1000000000))
            (if (call $poll_oneoff (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)) (then unreachable))
            (if (i32.ne (i32.load (i32.const 128)) (i32.const 1)) (then unreachable))))
        """;

    /// <summary>Waits for its connection, and exits with the byte that comes.</summary>
    private const string Client = """
        (module
          (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
          (memory (export "memory") 1)
          (data (i32.const 192) "\d0\00\00\00\01\00\00\00")           ;; a vector of one byte, at 208
          (func (export "_start")
            (i32.store8 offset=8 (i32.const 0) (i32.const 1))
            (i32.store offset=16 (i32.const 0) (i32.const 3))
            (if (call $poll_oneoff (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 128)) (then unreachable))
            (if (call $fd_read (i32.const 3) (i32.const 192) (i32.const 1) (i32.const 200)) (then unreachable))
            (call $proc_exit (i32.load8_u (i32.const 208)))))
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Engine _engine = new();

    [Theory]
    [InlineData(ShadowStackPolicy.CopyOnConflict)]
    [InlineData(ShadowStackPolicy.Copy)]
    [InlineData(ShadowStackPolicy.Separate)]
    public async Task OneInstanceServesManyConnectionsAtOnce(ShadowStackPolicy policy)
    {
        const int Clients = 40;
        using var listener = SocketPair.Listen();
        var module = Module.Parse(_engine, Server);
        await using var context = await new WasiBuilder().WithListener(listener).BuildAsync();
        await using var store = new Store(_engine, new StoreOptions { ShadowStack = policy, SeparateStackBytes = 4096 });
        store.SetData(context);
        var instance = await new Linker(_engine).DefineWasi(module).InstantiateAsync(store, module);
        var serve = instance.GetFunction<Func<Task<int>>>("serve");
        var calls = Enumerable.Range(0, Clients).Select(_ => serve()).ToList();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(number => Task.Run(() => TalkAsync(listener, number))));
        Assert.Equal(Enumerable.Repeat(20 * 100, Clients), await Task.WhenAll(calls));
    }

    [Fact]
    public async Task AThousandProgramsSleepWithoutThreads()
    {
        const int Programs = 1000;
        var program = new WasiProgram(Module.Parse(_engine, Sleeper));
        await program.RunAsync(new WasiBuilder());
        var clock = new FakeClock();
        var threads = ThreadPool.ThreadCount;
        var running = Enumerable.Range(0, Programs).Select(_ => program.RunAsync(new WasiBuilder().WithClock(clock))).ToList();
        var most = ThreadPool.ThreadCount;
        while (clock.Due.Count < Programs)
        {
            await Task.Delay(20);
            most = Math.Max(most, ThreadPool.ThreadCount);
        }

        // All of them sleep at once.
        Assert.DoesNotContain(running, run => run.IsCompleted);
        Assert.True(most < threads + 100, $"There were {threads} threads, and then {most}.");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.All(await Task.WhenAll(running).WaitAsync(Patience), code => Assert.Equal(0, code));
    }

    /// <summary>Each takes two descriptors of this process, of which there may be 1,024.</summary>
    [Fact]
    public async Task HundredsOfProgramsWaitForTheirConnectionsWithoutThreads()
    {
        const int Programs = 300;
        var program = new WasiProgram(Module.Parse(_engine, Client));
        var pairs = await Task.WhenAll(Enumerable.Range(0, Programs).Select(async _ => await SocketPair.ConnectAsync()));
        var threads = ThreadPool.ThreadCount;
        var running = pairs.Select(pair => program.RunAsync(new WasiBuilder().WithSocket(pair.Guest))).ToList();
        await Task.Delay(100);
        Assert.DoesNotContain(running, run => run.IsCompleted);
        Assert.True(ThreadPool.ThreadCount < threads + 50, $"There were {threads} threads, and then {ThreadPool.ThreadCount}.");
        for (var i = 0; i < Programs; i++)
            await pairs[i].Peer.SendAsync(new[] { (byte)i });
        var codes = await Task.WhenAll(running);
        Assert.Equal(Enumerable.Range(0, Programs).Select(i => i % 256), codes);
        Array.ForEach(pairs, pair => pair.Dispose());
    }

    [Fact]
    public async Task AThousandProgramsThatSleepEndWhenTheyAreCancelled()
    {
        using var source = new CancellationTokenSource();
        var program = new WasiProgram(Module.Parse(_engine, Sleeper.Replace("1000000000", "1000000000000", StringComparison.Ordinal)));
        var running = Enumerable.Range(0, 1000).Select(_ => program.RunAsync(new WasiBuilder(), cancellationToken: source.Token)).ToList();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(running).WaitAsync(Patience));
        Assert.All(running, run => Assert.True(run.IsCanceled));
    }

    private static async Task TalkAsync(Socket listener, int number)
    {
        using var client = await SocketPair.ConnectToAsync(listener);
        for (var round = 0; round < 20; round++)
        {
            var sent = Encoding.UTF8.GetBytes($"client {number,3} round {round,3} ".PadRight(100, '.'));
            await client.SendAsync(sent);
            var received = new byte[100];
            for (var count = 0; count < received.Length;)
            {
                var piece = await client.ReceiveAsync(received.AsMemory(count));
                Assert.NotEqual(0, piece);
                count += piece;
            }

            Assert.Equal(sent, received);
        }
    }
}
