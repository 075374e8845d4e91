namespace Fermata.Platform.Tests.FileSystems;

public sealed class SparseBytesTests
{
    [Fact]
    public void Allocating_much_ends_when_it_is_cancelled()
    {
        var budget = new ByteBudget(1L << 30);
        Assert.Throws<OperationCanceledException>(() => new SparseBytes(budget).TryAllocate(0, 1L << 26, new CancellationToken(canceled: true)));
        Assert.Equal(0, budget.Used);
    }
}
