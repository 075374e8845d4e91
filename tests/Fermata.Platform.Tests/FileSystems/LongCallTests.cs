namespace Fermata.Platform.Tests.FileSystems;

public sealed class LongCallTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Who_can_be_cancelled_does_not_make_it_themselves()
    {
        using var cancellation = new CancellationTokenSource();
        using var mayEnd = new ManualResetEventSlim();
        var call = LongCall.MakeAsync(() => mayEnd.Wait(Patience) ? Environment.CurrentManagedThreadId : 0, cancellation.Token);
        Assert.False(call.IsCompleted);
        mayEnd.Set();
        Assert.NotEqual(0, await call.AsTask().WaitAsync(Patience));
    }

    [Fact]
    public async Task Who_cannot_does()
    {
        var call = LongCall.MakeAsync(() => Environment.CurrentManagedThreadId, CancellationToken.None);
        Assert.True(call.IsCompleted);
        Assert.Equal(Environment.CurrentManagedThreadId, await call);
    }
}
