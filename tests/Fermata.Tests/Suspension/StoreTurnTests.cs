namespace Fermata.Tests.Suspension;

/// <summary>What hosts do on the turn of a store.</summary>
public sealed class StoreTurnTests
{
    private const string Text = """(module (import "host" "f" (func $f)) (func (export "call") (call $f)))""";

    [Fact]
    public async Task AnActionWaitsForTheCodeThatRuns()
    {
        using ManualResetEventSlim entered = new(), free = new();
        var hasRun = false;
        var (store, call) = Start(() =>
        {
            entered.Set();
            free.Wait();
            Assert.False(hasRun);
        });
        var running = Task.Run(call);
        entered.Wait();
        var action = store.OnTurnAsync(() => hasRun = true);
        Assert.False(action.IsCompleted);
        free.Set();
        await running;
        await action;
        Assert.True(hasRun);
    }

    [Fact]
    public void AnActionOfAFunctionThatTheCodeCallsIsDoneAtOnce()
    {
        Store? store = null;
        var hasRun = false;
        (store, var call) = Start(() =>
        {
            Assert.True(store!.OnTurnAsync(() => hasRun = true).IsCompletedSuccessfully);
            Assert.True(hasRun);
        });
        call();
        Assert.True(hasRun);
    }

    [Fact]
    public async Task AnActionThatFailsLeavesTheTurn()
    {
        var (store, call) = Start(() => { });
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => store.OnTurnAsync(() => throw new InvalidOperationException("failed")));
        Assert.Equal("failed", exception.Message);
        await Task.Run(call);
        await Assert.ThrowsAsync<ArgumentNullException>(() => store.OnTurnAsync(null!));
    }

    private static (Store Store, Action Call) Start(Action function)
    {
        var store = new Store(new Engine());
        var instance = new Linker(store.Engine).Define("host", "f", function).Instantiate(store, Module.Parse(store.Engine, Text));
        return (store, instance.GetFunction<Action>("call"));
    }
}
