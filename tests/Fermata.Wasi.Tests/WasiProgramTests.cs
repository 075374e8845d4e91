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
}
