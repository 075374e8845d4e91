namespace Fermata.Tests.Hosting;

/// <summary>What a host says of exceptions that no code caught is in their messages.</summary>
public sealed class DescribeExceptionTests
{
    private const string Text =
        """
        (module
          (import "host" "wait" (func $wait))
          (import "host" "nest" (func $nest))
          (tag $thrown (param i32))
          (func $throw (export "throw") (throw $thrown (i32.const 7)))
          (func (export "late") (call $wait) (call $throw))
          (func (export "catching") (block $caught (result i32) (try_table (catch $thrown $caught) (call $nest)) (return)) (drop))
          (func (export "outer") (call $nest))
          (func (export "name") (result i32) (i32.const 42)))
        """;

    [Fact]
    public async Task WhateverKindOfCallTheyLeave()
    {
        var instance = Start(static (instance, exception) => $"{exception.Values[0].AsI32()} of {instance.GetFunction("name").Invoke()[0].AsI32()}\n");
        const string told = "a WebAssembly exception was not caught: 7 of 42\\u{a}";

        Assert.StartsWith(told, Assert.Throws<WasmException>(() => instance.GetFunction("throw").Invoke()).Message, StringComparison.Ordinal);
        Assert.StartsWith(told, (await Assert.ThrowsAsync<WasmException>(() => instance.GetFunction("throw").InvokeAsync())).Message, StringComparison.Ordinal);
        Assert.StartsWith(told, (await Assert.ThrowsAsync<WasmException>(() => instance.GetFunction("late").InvokeAsync())).Message, StringComparison.Ordinal);
        Assert.StartsWith(told, Assert.Throws<WasmException>(() => instance.GetFunction("outer").Invoke()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThoseThatAreCaughtAreNotTold()
    {
        var instance = Start(static (_, _) => throw new InvalidOperationException("nobody asks"));

        instance.GetFunction("catching").Invoke();

        Assert.StartsWith("a WebAssembly exception was not caught\n", Assert.Throws<WasmException>(() => instance.GetFunction("throw").Invoke()).Message.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static Instance Start(Func<Instance, WasmException, string> describe)
    {
        var engine = new Engine();
        var isInside = false;
        Instance? instance = null;
        var store = new Store(engine, new StoreOptions
        {
            DescribeException = (exception, _) =>
            {
                Assert.False(isInside);
                return describe(instance!, exception);
            },
        });
        var linker = new Linker(engine).Define("host", "wait", async () => await Task.Yield()).Define("host", "nest", () =>
        {
            isInside = true;
            try
            {
                instance!.GetFunction("throw").Invoke();
            }
            finally
            {
                isInside = false;
            }
        });
        return instance = linker.Instantiate(store, Module.Load(engine, ModuleInfo.Parse(Text).Bytes));
    }
}
