namespace Fermata.Emscripten.Tests;

/// <summary>Functions of the host that programs call through pointers.</summary>
public sealed class FunctionPointerTests
{
    private const string Program = """
        (import "env" "__call_sighandler" (func $signal (param i32 i32)))
        (memory (export "memory") 1)
        (table (export "__indirect_function_table") 3 funcref)
        (func (export "call") (param i32 i32) (result i32) (call_indirect (param i32) (result i32) (local.get 1) (local.get 0)))
        (func (export "raise") (param i32 i32) (call $signal (local.get 0) (local.get 1)))
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFunctionMayWait(bool suspendsEverywhere)
    {
        await using var instance = await StartAsync(suspendsEverywhere);
        var pointer = instance.AddFunction(async (int number) =>
        {
            await Task.Yield();
            return number + 1;
        });
        var twoSteps = instance.AddFunction(
            async (int number) =>
            {
                await Task.Yield();
                return (long)number;
            },
            (long read, int number) =>
            {
                instance.Memory.Write(64, (int)read);
                return 1;
            });

        Assert.Equal(8, (await instance.GetFunction("call").InvokeAsync(pointer, 7))[0].AsI32());
        Assert.Equal(1, (await instance.GetFunction("call").InvokeAsync(twoSteps, 9))[0].AsI32());
        Assert.Equal(9, instance.Memory.Read<int>(64));
    }

    [Fact]
    public async Task PointersOfFunctionsThatWereRemovedAreGivenAgain()
    {
        await using var instance = await StartAsync(suspendsEverywhere: false);
        var first = instance.AddFunction((int number) => number);
        var second = instance.AddFunction((int number) => number * 2);
        Assert.Equal((3, 4), (first, second));

        instance.RemoveFunction(first);
        Assert.Equal(TrapKind.UninitializedElement, Assert.ThrowsAny<TrapException>(() => instance.GetFunction("call").Invoke(first, 1)).Kind);
        Assert.StartsWith("3 is no pointer of a function that was added", Assert.Throws<ArgumentException>(() => instance.RemoveFunction(first)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => instance.RemoveFunction(0));

        Assert.Equal(first, instance.AddFunction((int number) => number * 3));
        Assert.Equal(15, instance.GetFunction("call").Invoke(first, 5)[0].AsI32());
        Assert.Equal(10, instance.GetFunction("call").Invoke(second, 5)[0].AsI32());
    }

    [Fact]
    public async Task HandlersOfSignalsMayWait()
    {
        await using var instance = await StartAsync(suspendsEverywhere: false);
        var raised = 0;
        var handler = instance.AddFunction(async (int signal) =>
        {
            await Task.Yield();
            raised = signal;
        });
        await instance.GetFunction("raise").InvokeAsync(handler, 14);
        Assert.Equal(14, raised);
    }

    [Fact]
    public async Task AProgramThatKeepsItsTableIsGivenNone()
    {
        await using var instance = await EmscriptenProgram.Load(new Engine(), ModuleInfo.Parse("(memory (export \"memory\") 1)").Bytes).StartAsync(new EmscriptenHost());
        Assert.Contains("__indirect_function_table", Assert.Throws<InvalidOperationException>(() => instance.AddFunction(() => 1)).Message, StringComparison.Ordinal);
    }

    private static Task<EmscriptenInstance> StartAsync(bool suspendsEverywhere) =>
        EmscriptenProgram.Load(new Engine(new EngineOptions { SuspendEverywhere = suspendsEverywhere }), ModuleInfo.Parse(Program).Bytes).StartAsync(new EmscriptenHost());
}
