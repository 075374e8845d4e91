namespace Fermata.Tests.Hosting;

public sealed class HostFunctionTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void ALambdaBindsToAnImport()
    {
        _guest.Linker.Define("env", "add", (int a, int b) => a + b);
        var instance = _guest.Instantiate("""
            (import "env" "add" (func $add (param i32 i32) (result i32)))
            (func (export "twice") (param i32) (result i32) (call $add (local.get 0) (local.get 0)))
            """);
        Assert.Equal(42, instance.GetFunction<Func<int, int>>("twice")(21));
        Assert.Equal([Value.FromI32(42)], instance.GetFunction("twice").Invoke(21));
    }

    [Fact]
    public async Task AnAsyncLambdaSuspends()
    {
        var gate = new TaskCompletionSource<int>();
        _guest.Linker.Define("env", "wait", async (int a) => a + await gate.Task);
        var instance = _guest.Instantiate("""
            (import "env" "wait" (func $wait (param i32) (result i32)))
            (func (export "f") (param i32) (result i32) (i32.mul (call $wait (local.get 0)) (i32.const 2)))
            """);
        var task = instance.GetFunction<Func<int, Task<int>>>("f")(20);
        Assert.False(task.IsCompleted);
        gate.SetResult(1);
        Assert.Equal(42, await task);
    }
}
