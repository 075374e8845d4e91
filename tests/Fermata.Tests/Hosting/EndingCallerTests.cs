namespace Fermata.Tests.Hosting;

/// <summary>What a host function learns of the call that it is in.</summary>
public sealed class EndingCallerTests : IDisposable
{
    private const string Program = """
        (import "host" "act" (func $act))
        (func (export "act") (call $act))
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Guest _guest = new();
    private Action<Caller> _act = _ => { };

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_ends_a_call_that_was_cancelled(bool isPromising)
    {
        using var cancellation = new CancellationTokenSource();
        var (before, after) = (0, 0);
        _act = caller =>
        {
            caller.ThrowIfEnding();
            before++;
            cancellation.Cancel();
            caller.ThrowIfEnding();
            after++;
        };
        var act = Instantiate().GetFunction("act");
        var problem = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => isPromising ? act.InvokeAsync([], cancellation.Token) : Task.Run(() => act.Invoke([], cancellation.Token), CancellationToken.None));
        Assert.Equal((cancellation.Token, 1, 0), (problem.CancellationToken, before, after));
    }

    [Fact]
    public async Task It_ends_a_call_whose_store_is_being_disposed()
    {
        Task? disposal = null;
        _act = caller =>
        {
            disposal = Task.Run(_guest.Store.Dispose);
            Assert.True(SpinWait.SpinUntil(() => _guest.Store.IsDisposed, Patience));
            caller.ThrowIfEnding();
        };
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Instantiate().GetFunction("act").InvokeAsync());
        await disposal!;
    }

    [Fact]
    public async Task It_tells_whether_the_call_can_be_suspended()
    {
        var seen = new List<bool>();
        _act = caller => seen.Add(caller.CanSuspend);
        var instance = Instantiate();
        instance.GetFunction("act").Invoke();
        await instance.GetFunction("act").InvokeAsync();
        Assert.Equal([false, true], seen);
        _act = caller =>
        {
            _act = inner => seen.Add(inner.CanSuspend);
            instance.GetFunction("act").Invoke();
            seen.Add(caller.CanSuspend);
        };
        await instance.GetFunction("act").InvokeAsync();
        Assert.Equal([false, true, false, true], seen);
    }

    private Instance Instantiate()
    {
        _guest.Linker.Define("host", "act", (Caller caller) => _act(caller));
        return _guest.Instantiate(Program);
    }
}
