namespace Fermata.Wasi.Tests;

public sealed class WasiProgramTests
{
    private const string Hello = """
        (module
          (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
          (memory (export "memory") 1)
          (data (i32.const 0) "\08\00\00\00\06\00\00\00hello\n")
          (func (export "_start")
            (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 100)))
            (call $proc_exit (i32.load (i32.const 100)))))
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Engine _engine = new();

    [Fact]
    public async Task AProgramWritesAndExits()
    {
        var output = new StringWriter();
        var program = new WasiProgram(Module.Parse(_engine, Hello));
        Assert.Equal(6, await program.RunAsync(new WasiBuilder().WithOutput(output)));
        Assert.Equal("hello\n", output.ToString());
    }

    [Fact]
    public async Task AProgramRunsManyTimesAtOnce()
    {
        var program = new WasiProgram(Module.Parse(_engine, Hello));
        var outputs = Enumerable.Range(0, 20).Select(_ => new StringWriter()).ToArray();
        var codes = await Task.WhenAll(outputs.Select(output => Task.Run(() => program.RunAsync(new WasiBuilder().WithOutput(output)))));
        Assert.All(codes, code => Assert.Equal(6, code));
        Assert.All(outputs, output => Assert.Equal("hello\n", output.ToString()));
    }

    [Theory]
    [InlineData("(unreachable)", 0)]
    [InlineData("(drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 100))) (unreachable)", 1)]
    public async Task AProgramThatFailsHasSentWhatItHasWritten(string code, int flushes)
    {
        var output = new FlushedStream();
        await Assert.ThrowsAsync<TrapException>(() => Failing(code).RunAsync(new WasiBuilder().WithOutput(output)));
        Assert.Equal(flushes, output.Flushes);
    }

    [Fact]
    public async Task AProgramThatIsCancelledWaitsForNobodyWhoTakesItsOutput()
    {
        using var cancellation = new CancellationTokenSource();
        var output = new FlushedStream { HasNoEnd = true };
        var program = Failing("(drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 100))) (loop $forever (br $forever))");
        var run = Task.Run(() => program.RunAsync(new WasiBuilder().WithOutput(output), cancellationToken: cancellation.Token));
        await output.WasWritten.WaitAsync(Patience);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(Patience));
        Assert.Equal(0, output.Flushes);
    }

    [Fact]
    public void ALibraryIsNoProgram()
    {
        var problem = Assert.Throws<ArgumentException>(() => new WasiProgram(Module.Parse(_engine, "(module)")));
        Assert.Contains("_start", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStoreWithoutAContextSaysWhatToDo()
    {
        using var store = new Store(_engine);
        var instance = new Linker(_engine).DefineWasi().Instantiate(store, Module.Parse(_engine, Hello));
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => instance.GetFunction("_start").InvokeAsync([]));
        Assert.Contains("store.SetData(", problem.Message, StringComparison.Ordinal);
    }

    private WasiProgram Failing(string code) => new(Module.Parse(_engine, $"""
        (module
          (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (data (i32.const 0) "\08\00\00\00\06\00\00\00hello\n")
          (func (export "_start") {code}))
        """));

    /// <summary>A stream that counts how often it was flushed.</summary>
    private sealed class FlushedStream : MemoryStream
    {
        private readonly TaskCompletionSource _wasWritten = new();

        public int Flushes { get; private set; }

        public Task WasWritten => _wasWritten.Task;

        /// <summary>Whether flushing it never ends.</summary>
        public bool HasNoEnd { get; init; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            _wasWritten.TrySetResult();
            return default;
        }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            Flushes++;
            return HasNoEnd ? Task.Delay(Timeout.Infinite, CancellationToken.None) : Task.CompletedTask;
        }
    }
}
