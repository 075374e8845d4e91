namespace Fermata.Platform.Tests.FileSystems;

public sealed class LockScopeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Who_is_cancelled_waits_no_longer_for_what_another_does()
    {
        var files = new Lock();
        using var cancellation = new CancellationTokenSource();
        using var isTaken = new ManualResetEventSlim();
        using var mayGo = new ManualResetEventSlim();
        var other = Task.Run(() =>
        {
            using (new LockScope(files, CancellationToken.None))
            {
                isTaken.Set();
                Assert.True(mayGo.Wait(Patience));
            }
        });
        Assert.True(isTaken.Wait(Patience));
        var waits = Task.Run(() => new LockScope(files, cancellation.Token).Dispose());
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits.WaitAsync(Patience));
        mayGo.Set();
        await other;
    }
}
