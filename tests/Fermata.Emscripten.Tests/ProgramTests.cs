using System.Text;
using Fermata.Emscripten.Functions;

namespace Fermata.Emscripten.Tests;

/// <summary>How programs start and end, and how imports are linked.</summary>
public sealed class ProgramTests
{
    private static readonly Engine Engine = new();

    private readonly StringBuilder _output = new();

    private static EmscriptenProgram Load(string text, EmscriptenNames? names = null) =>
        EmscriptenProgram.Load(Engine, ModuleInfo.Parse(text).Bytes, new EmscriptenOptions { Names = names ?? EmscriptenNames.None });

    /// <summary>A program that writes a letter per step: it constructs (c), runs (m), and ends (e, f).</summary>
    private static string Steps(string main) =>
        $$"""
        (import "env" "exit" (func $exit (param i32)))
        (import "env" "note" (func $note (param i32)))
        (import "env" "wait" (func $wait (param i32) (result i32)))
        (import "env" "_abort_js" (func $abort))
        (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
        (import "env" "emscripten_runtime_keepalive_push" (func $push))
        (memory (export "memory") 1)
        (global $top (mut i32) (i32.const 1024))
        (func (export "malloc") (param i32) (result i32) (global.get $top) (global.set $top (i32.add (global.get $top) (local.get 0))))
        (func (export "__wasm_call_ctors") (call $note (i32.const 99)))
        (func (export "__funcs_on_exit") (call $note (i32.const 101)))
        (func (export "fflush") (param i32) (result i32) (call $note (i32.const 102)) (i32.const 0))
        (func (export "__main_argc_argv") (param $argc i32) (param $argv i32) (result i32) (call $note (i32.const 109)) {{main}})
        """;

    private EmscriptenHost NewHost() => new EmscriptenHost()
        .WithProgramName("steps").WithArguments("first", "second")
        .Define("note", (int letter) => _output.Append((char)letter))
        .Define("wait", async (int number) =>
        {
            await Task.Delay(1);
            return number;
        });

    [Theory]
    [InlineData("(i32.const 5)", 5, "cmef")]
    [InlineData("(local.get $argc)", 3, "cmef")]
    [InlineData("(call $wait (i32.const 6))", 6, "cmef")]
    [InlineData("(call $exit (i32.const 7)) (i32.const 0)", 7, "cmef")]
    [InlineData("(call $proc_exit (i32.const 8)) (i32.const 0)", 8, "cm")]
    [InlineData("(call $abort) (i32.const 0)", 134, "cm")]
    public async Task TheProgramRunsFromConstructorsToItsEnd(string main, int exitCode, string steps)
    {
        Assert.Equal(exitCode, await Load(Steps(main)).RunAsync(NewHost()));
        Assert.Equal(steps, _output.ToString());
    }

    [Theory]
    [InlineData("__memory_base")]
    [InlineData("__table_base")]
    public void ARelocatableMainModuleIsRefused(string import)
    {
        var failure = Assert.Throws<NotSupportedException>(() => Load($"""(import "env" "{import}" (global i32))"""));

        Assert.Equal(
            $"The program is a relocatable main module: it imports {import}. Link it with Emscripten 4.0.19 or later, whose main modules are not, and without -sRELOCATABLE and -pie; " +
            "or, if it is a library (-sSIDE_MODULE), load it into a program (EmscriptenInstance.LoadLibraryAsync).",
            failure.Message);
    }

    [NpmFact]
    public async Task AMainModuleOfAnOlderEmscriptenIsRefused()
    {
        var failure = await Assert.ThrowsAsync<NotSupportedException>(
            () => EmscriptenProgram.LoadFileAsync(Engine, NpmProgram.PathOf("@journeyapps/wa-sqlite", Path.Combine("dist", "wa-sqlite-dynamic-main.wasm"))));

        Assert.Contains("is a relocatable main module: it imports __memory_base.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MainGetsItsArguments()
    {
        const string main =
            """
            (i32.add (i32.load8_u (i32.load (local.get $argv))) (i32.mul (i32.const 1000) (i32.load8_u (i32.load offset=8 (local.get $argv)))))
            """;
        Assert.Equal('s' + (1000 * 's'), await Load(Steps(main)).RunAsync(NewHost()));
    }

    [Fact]
    public async Task AProgramThatIsKeptAliveLivesOnAfterMain()
    {
        var program = Load(Steps("(call $push) (i32.const 4)"));
        await using var instance = await program.StartAsync(NewHost());
        Assert.Equal(4, await instance.RunMainAsync([]));
        Assert.Equal("cm", _output.ToString());

        using var source = new CancellationTokenSource();
        var running = program.RunAsync(NewHost(), cancellationToken: source.Token);
        Assert.False(running.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task ATrapIsTheResultOfTheRun()
    {
        var trap = await Assert.ThrowsAsync<TrapException>(() => Load(Steps("unreachable")).RunAsync(NewHost()));
        Assert.Equal(TrapKind.Unreachable, trap.Kind);
        Assert.Equal("cm", _output.ToString());
    }

    [Fact]
    public async Task WithoutMainThereIsNothingToRun()
    {
        var program = Load("(memory (export \"memory\") 1)");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => program.RunAsync(new EmscriptenHost()));
        Assert.StartsWith("The program exports no main", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllUnknownImportsAreToldAtOnceOrTrapWhenCalled()
    {
        var program = Load(
            """
            (import "env" "first_unknown" (func $first (param i32)))
            (import "env" "second_unknown" (func (result f64)))
            (import "env" "emscripten_get_now" (func (result f64)))
            (memory (export "memory") 1)
            (func (export "main") (result i32) (call $first (i32.const 1)) (i32.const 0))
            """);
        var error = await Assert.ThrowsAsync<LinkException>(() => program.RunAsync(new EmscriptenHost()));
        Assert.Equal(["first_unknown", "second_unknown"], error.Problems.Select(problem => problem.FieldName));
        var trap = await Assert.ThrowsAsync<TrapException>(() => program.RunAsync(new EmscriptenHost().WithUnknownImportsAsTraps()));
        Assert.Equal(TrapKind.UnknownImport, trap.Kind);
        Assert.Contains("first_unknown", trap.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatTheHostDefinesReplacesWhatThereIs()
    {
        var program = Load(
            """
            (import "env" "emscripten_get_now" (func $now (result f64)))
            (import "env" "my_now" (func $mine (result f64)))
            (memory (export "memory") 1)
            (func (export "main") (result i32) (i32.trunc_f64_s (f64.add (call $now) (call $mine))))
            """);
        Assert.Equal(84, await program.RunAsync(new EmscriptenHost().Define("emscripten_get_now", () => 42.0).DefineAs("my_now", "emscripten_get_now").Define("my_now", () => 42.0)));
        var error = Assert.Throws<ArgumentException>(() => new EmscriptenHost().DefineAs("my_now", "none"));
        Assert.StartsWith("There is no function none that my_now could be.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMinifiedProgramIsRunByItsNames()
    {
        var names = new EmscriptenNames
        {
            Imports = new Dictionary<string, string> { ["a.b"] = "exit", ["a.a"] = "memory" },
            Exports = new Dictionary<string, string> { ["c"] = "__main_void" },
        };
        var program = Load("(import \"a\" \"a\" (memory 1 2)) (import \"a\" \"b\" (func $exit (param i32))) (func (export \"c\") (result i32) (call $exit (i32.const 9)) (i32.const 0))", names);
        Assert.Equal(9, await program.RunAsync(new EmscriptenHost()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NumbersOf64BitsArriveWholeAlsoAsTwoHalves(bool waits)
    {
        var i32 = ValType.I32;
        long? seen = null;
        var host = new EmscriptenHost().WithDirectory("/", new MemoryFileSystem());
        _ = waits
            ? host.Define("take", async (int before, long number, int after) =>
            {
                await Task.Yield();
                seen = number + before - after;
                return before * 10;
            })
            : host.Define("take", (int before, long number, int after) =>
            {
                seen = number + before - after;
                return before * 10;
            });
        await using var program = await ForwardingProgram.StartAsync(
            host, ("take", new FuncType([i32, i32, i32, i32], [i32])), ("fd_seek", new FuncType([i32, i32, i32, i32, i32], [i32])), ("_localtime_js", new FuncType([i32, i32, i32], [])),
            ("__syscall_openat", new FuncType([i32, i32, i32, i32], [i32])));
        Assert.Equal(70, await program.CallAsync("take", 7, unchecked((int)0x89abcdef), unchecked((int)0xfedcba98), 7));
        Assert.Equal(unchecked((long)0xfedcba9889abcdef), seen);

        // In two steps, of which the second writes what was found.
        var fd = await program.SucceedAsync("__syscall_openat", PathFunctions.WorkingDirectory, program.Text("/made"), 0x42, 0);
        Assert.Equal(0, await program.CallAsync("fd_seek", fd, 1, 2, 0, 4096));
        Assert.Equal(0x2_0000_0001, program.Memory.Read<long>(4096));

        // A result that is not wanted.
        await program.CallAsync("_localtime_js", 0, 0, 4096);
        Assert.Equal(70, program.Memory.Read<int>(4096 + 20));
    }

    [Fact]
    public async Task AResultOf64BitsIsLeftInHalvesForAProgramThatWantsIt()
    {
        var i32 = ValType.I32;
        var host = new EmscriptenHost().Define("sync", () => 0x1_0000_0002L).Define("async", async () =>
        {
            await Task.Yield();
            return 0x3_0000_0004L;
        }).Define("nothing", () => { });
        var text =
            """
            (import "env" "sync" (func $sync (result i32)))
            (import "env" "async" (func $async (result i32)))
            (import "env" "nothing" (func $nothing (result i32)))
            (memory (export "memory") 1)
            (global $high (mut i32) (i32.const 0))
            (func (export "setTempRet0") (param i32) (global.set $high (local.get 0)))
            (func (export "run") (result i32 i32 i32 i32 i32) (call $sync) (global.get $high) (call $async) (global.get $high) (call $nothing))
            """;
        await using var instance = await Load(text).StartAsync(host);
        Assert.Equal([2, 1, 4, 3, 0], (await instance.GetFunction("run").InvokeAsync()).Select(value => value.AsI32()));
        Assert.Equal(i32, instance.GetFunction("run").Type.Results[0]);
    }

    [Fact]
    public async Task WhatWasOpenedIsClosedIfPermissionsCannotBeSet()
    {
        var files = new CountingFileSystem();
        var error = await Assert.ThrowsAsync<IOException>(
            () => Load("(memory (export \"memory\") 1)").StartAsync(new EmscriptenHost().WithDirectory("/", files).WithFileMode("/none", UnixFileMode.UserRead)));
        Assert.StartsWith("The permissions of /none cannot be set", error.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (files.Opened, files.Open));
    }

    /// <summary>An empty file system, which counts the handles of its root.</summary>
    [Theory]
    [InlineData("getTempRet0")]
    [InlineData("_emscripten_tempret_get")]
    public async Task LegalisedExportsTakeAndReturnNumbersOf64Bits(string getter)
    {
        var wait = new TaskCompletionSource();
        await using var instance = await StartLegalisedAsync(getter, () => wait.Task);

        Assert.Equal(-0x1_0000_0003, instance.GetFunction<Func<int, long, double, long>>("add")(-2, -0x1_0000_0002, 1));
        Assert.Equal(0xFFFE_FFFF_FFFF, instance.GetFunction<Func<int, long, double, long>>("add")(-2, 0xFFFF_0000_0000, 1));
        Assert.Equal(3, instance.GetFunction<Func<long, int>>("upper")(0x3_8000_0000));
        Assert.Equal(3, instance.GetFunction<Func<int, int, int>>("upper")(0, 3));
        var waiting = instance.GetFunction<Func<ulong, CancellationToken, Task<ulong>>>("wait")(0xFEDC_BA98_7654_3210, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(1L << 32, instance.GetFunction<Func<int, long, double, long>>("add")(0, 1L << 32, 0));
        wait.SetResult();
        Assert.Equal(0xFEDC_BA98_7654_3210, await waiting);
    }

    [Fact]
    public async Task WithoutTheUpperHalfOfAResultALegalisedExportReturnsNone()
    {
        await using var instance = await StartLegalisedAsync("other", () => Task.CompletedTask);

        var error = Assert.Throws<InvalidOperationException>(() => instance.GetFunction<Func<int, long, double, long>>("add"));

        Assert.Contains("exports no function getTempRet0", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => instance.GetFunction<Func<long, long, int>>("upper"));
    }

    /// <summary>A program with functions as Binaryen legalises them: the sum of the arguments, the upper half of one, and the argument after a time.</summary>
    private static Task<EmscriptenInstance> StartLegalisedAsync(string getter, Func<Task> wait) =>
        EmscriptenProgram.Load(new Engine(), ModuleInfo.Parse($$"""
            (import "env" "pause" (func $pause))
            (memory (export "memory") 1)
            (global $high (mut i32) (i32.const 0))
            (func (export "{{getter}}") (result i32) (global.get $high))
            (func $legalise (param i64) (result i32)
              (global.set $high (i32.wrap_i64 (i64.shr_u (local.get 0) (i64.const 32))))
              (i32.wrap_i64 (local.get 0)))
            (func $join (param i32 i32) (result i64)
              (i64.or (i64.extend_i32_u (local.get 0)) (i64.shl (i64.extend_i32_u (local.get 1)) (i64.const 32))))
            (func (export "add") (param i32 i32 i32 f64) (result i32)
              (call $legalise (i64.add
                (i64.add (i64.extend_i32_s (local.get 0)) (call $join (local.get 1) (local.get 2)))
                (i64.trunc_f64_s (local.get 3)))))
            (func (export "upper") (param i32 i32) (result i32) (local.get 1))
            (func (export "wait") (param i32 i32) (result i32)
              (call $pause)
              (call $legalise (call $join (local.get 0) (local.get 1))))
            """).Bytes).StartAsync(new EmscriptenHost().Define("pause", wait));

    private sealed class CountingFileSystem : FileSystem
    {
        public int Opened { get; private set; }

        public int Open { get; private set; }

        public override ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default)
        {
            Opened++;
            Open++;
            return new(new Root(this));
        }

        private sealed class Root(CountingFileSystem files) : DirectoryHandle
        {
            public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => new(new FileStatus { Kind = FileKind.Directory });

            public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) => new(Errno.ENOENT);

            public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default) => new(Errno.ENOENT);

            public override ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default) => new(Errno.ENOENT);

            public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default) => new(Array.Empty<DirectoryEntry>());

            public override ValueTask DisposeAsync()
            {
                files.Open--;
                return base.DisposeAsync();
            }
        }
    }
}
