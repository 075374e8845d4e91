namespace Fermata.Emscripten.Tests;

public sealed class ProcessFunctionTests
{
    private const int Result = 4096;

    [Fact]
    public async Task TheProgramIsAloneAndItsOwnUser()
    {
        string[] zeros = ["__syscall_getuid32", "__syscall_geteuid32", "__syscall_getgid32", "__syscall_getegid32", "__syscall_getppid"];
        await using var program = await ForwardingProgram.StartAsync(
            new EmscriptenHost().WithProgramName("name"), [.. zeros, "__syscall_getpid", "__syscall_uname", "_emscripten_get_progname", "_emscripten_system"]);
        foreach (var name in zeros)
            Assert.Equal(0, await program.CallAsync(name));
        Assert.True(await program.CallAsync("__syscall_getpid") > 0);
        await program.SucceedAsync("__syscall_uname", Result);
        Assert.Equal(("Emscripten", "wasm32"), (program.Memory.ReadUtf8(Result), program.Memory.ReadUtf8(Result + (4 * 65))));
        await program.CallAsync("_emscripten_get_progname", Result, 3);
        Assert.Equal("na", program.Memory.ReadUtf8(Result));
        await program.CallAsync("_emscripten_get_progname", Result, 100);
        Assert.Equal("name", program.Memory.ReadUtf8(Result));
        Assert.Equal(0, await program.CallAsync("_emscripten_system", 0));
        await program.FailAsync(Errno.ENOSYS, "_emscripten_system", program.Text("ls"));
        await Assert.ThrowsAsync<MemoryTrapException>(() => program.CallAsync("__syscall_uname", -8));
    }

    [Fact]
    public async Task AFailedAssertionIsToldAndEndsTheProgram()
    {
        var error = new StringWriter();
        await using var program = await ForwardingProgram.StartAsync(new EmscriptenHost().WithError(error), "__assert_fail", "abort");
        var exit = await Assert.ThrowsAsync<WasmExitException>(() => program.CallAsync("__assert_fail", program.Text("x > 0"), program.Text("file.c", 2048), 12, 0));
        Assert.Equal(134, exit.ExitCode);
        Assert.Equal("Assertion failed: x > 0 (file.c:12: unknown function)\n", error.ToString());
        Assert.Equal(134, (await Assert.ThrowsAsync<WasmExitException>(() => program.CallAsync("abort"))).ExitCode);
    }

    [Fact]
    public async Task SleepingSuspendsAndIsCancelled()
    {
        var clock = new ManualClock();
        await using var program = await ForwardingProgram.StartAsync(new EmscriptenHost().WithClock(clock), "emscripten_sleep", "emscripten_get_now", "emscripten_date_now",
            "emscripten_get_now_res", "emscripten_performance_now");
        var sleeping = program.CallAsync("emscripten_sleep", 1000);
        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(sleeping.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await sleeping);
        Assert.Equal(1000, (await program.ValueAsync("emscripten_get_now")).AsF64());
        Assert.Equal(1000, (await program.ValueAsync("emscripten_performance_now")).AsF64());
        Assert.Equal(clock.GetUtcNow().ToUnixTimeMilliseconds(), (await program.ValueAsync("emscripten_date_now")).AsF64());
        Assert.Equal(1e3 / clock.TimestampFrequency, (await program.ValueAsync("emscripten_get_now_res")).AsF64());
    }

    [Fact]
    public async Task ProgramsAreKeptAliveAsLongAsThereAreReasons()
    {
        await using var program = await ForwardingProgram.StartAsync(
            new EmscriptenHost(), "emscripten_runtime_keepalive_push", "emscripten_runtime_keepalive_pop", "emscripten_runtime_keepalive_check",
            "_emscripten_runtime_keepalive_clear");
        Assert.Equal(0, await program.CallAsync("emscripten_runtime_keepalive_check"));
        await program.CallAsync("emscripten_runtime_keepalive_push");
        await program.CallAsync("emscripten_runtime_keepalive_push");
        await program.CallAsync("emscripten_runtime_keepalive_pop");
        Assert.Equal(1, await program.CallAsync("emscripten_runtime_keepalive_check"));
        await program.CallAsync("_emscripten_runtime_keepalive_clear");
        Assert.Equal(0, await program.CallAsync("emscripten_runtime_keepalive_check"));
    }

    [Fact]
    public async Task ATimerRunsTheProgramsOwnCodeAndMayEndIt()
    {
        const string text =
            """
            (import "env" "_setitimer_js" (func $set (param i32 f64) (result i32)))
            (import "env" "emscripten_sleep" (func $sleep (param i32)))
            (import "env" "exit" (func $exit (param i32)))
            (memory (export "memory") 1)
            (global $count (mut i32) (i32.const 0))
            (func (export "_emscripten_timeout") (param i32 f64)
              (global.set $count (i32.add (global.get $count) (i32.const 1)))
              (if (i32.eq (global.get $count) (i32.const 3)) (then (call $exit (i32.const 33))))
              (drop (call $set (i32.const 0) (f64.const 1))))
            (func (export "main") (result i32)
              (drop (call $set (i32.const 1) (f64.const 1)))
              (drop (call $set (i32.const 1) (f64.const 0)))
              (drop (call $set (i32.const 0) (f64.const 1)))
              (call $sleep (i32.const 1000000))
              (i32.const 0))
            """;
        Assert.Equal(33, await EmscriptenProgram.Load(new Engine(), ModuleInfo.Parse(text).Bytes).RunAsync(new EmscriptenHost()));
    }

    [Fact]
    public async Task TheHeapGrowsUpToItsMaximum()
    {
        const int mebibyte = 1 << 20;
        await using var program = await ForwardingProgram.StartAsync(
            new EmscriptenHost(), "emscripten_resize_heap", "emscripten_get_heap_max", "emscripten_get_heap_size", "emscripten_memcpy_js", "_emscripten_memcpy_js", "emscripten_memcpy_big");
        Assert.Equal(mebibyte, await program.CallAsync("emscripten_get_heap_size"));
        Assert.Equal(4 * mebibyte, await program.CallAsync("emscripten_get_heap_max"));
        Assert.Equal(1, await program.CallAsync("emscripten_resize_heap", mebibyte + 1));
        Assert.InRange(await program.CallAsync("emscripten_get_heap_size"), mebibyte + 65536, mebibyte + (mebibyte / 4));
        Assert.Equal(0, await program.CallAsync("emscripten_resize_heap", (4 * mebibyte) + 1));
        Assert.Equal(0, await program.CallAsync("emscripten_resize_heap", -1));
        Assert.Equal(1, await program.CallAsync("emscripten_resize_heap", 4 * mebibyte));
        Assert.Equal(4 * mebibyte, await program.CallAsync("emscripten_get_heap_size"));
        foreach (var copy in new[] { "emscripten_memcpy_js", "_emscripten_memcpy_js", "emscripten_memcpy_big" })
        {
            program.Text("abcdef", Result);
            await program.CallAsync(copy, Result + 2, Result, 4);
            Assert.Equal("ababcd", program.Memory.ReadUtf8(Result));
            await program.CallAsync(copy, 3 * mebibyte / 2, 0, 3 * mebibyte / 2);
            Assert.Equal("ababcd", program.Memory.ReadUtf8((3 * mebibyte / 2) + Result));
            await Assert.ThrowsAsync<MemoryTrapException>(() => program.CallAsync(copy, 0, Result, -1));
        }
    }

    /// <summary>A clock that stands still but when it is told to go on.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private readonly List<(TimeSpan Due, TimerCallback Callback, object? State)> _timers = [];
        private TimeSpan _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000) + _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add((_now + dueTime, callback, state));
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Advance(TimeSpan by)
        {
            _now += by;
            foreach (var timer in _timers.Where(timer => timer.Due <= _now).ToList())
            {
                _timers.Remove(timer);
                timer.Callback(timer.State);
            }
        }
    }
}
