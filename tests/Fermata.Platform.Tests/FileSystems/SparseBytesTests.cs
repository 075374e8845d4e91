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

    [Fact]
    public void Dropping_much_ends_when_it_is_cancelled()
    {
        var budget = new ByteBudget(1L << 30);
        var bytes = new SparseBytes(budget);
        Assert.True(bytes.TryAllocate(0, 1 << 20, CancellationToken.None));
        Assert.Throws<OperationCanceledException>(() => bytes.SetLength(1, new CancellationToken(canceled: true)));
        Assert.Equal((1 << 20, 1L << 20), (bytes.Length, budget.Used));
        bytes.SetLength(1 << 19, CancellationToken.None);
        Assert.Equal(1L << 19, budget.Used);
        bytes.Clear();
        Assert.Equal((0, 0L), (bytes.Length, budget.Used));
        Assert.Equal(1, bytes.Write("a"u8, 0));
        Assert.Equal(1024, budget.Used);
    }
}
