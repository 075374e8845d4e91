using Fermata.Runtime;

namespace Fermata.Tests.Execution;

public class MemoryOperationsTests : StoreTest
{
    private const ulong End = 65536;

    private readonly Memory _memory;

    public MemoryOperationsTests() => _memory = NewMemory();

    [Fact]
    public void Grow_and_size_count_pages()
    {
        Assert.Equal(1ul, MemoryOperations.Size(_memory));
        Assert.Equal(1ul, _memory.TryGrow(1, null));
        Assert.Equal(2ul, MemoryOperations.Size(_memory));
        Assert.Equal(ulong.MaxValue, _memory.TryGrow(1, null));
        Assert.Equal(-1, (int)_memory.TryGrow(uint.MaxValue, null));
    }

    [Fact]
    public void Fill_takes_the_low_byte()
    {
        MemoryOperations.Fill(Store.Context, _memory, 2, 0x1234, 3);

        Assert.Equal([0, 0, 0x34, 0x34, 0x34, 0], _memory.GetSpan(0, 6).ToArray());
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(2, 0)]
    public void Copy_works_where_the_ranges_overlap(int source, int destination)
    {
        byte[] bytes = [1, 2, 3, 4, 5];
        bytes.CopyTo(_memory.GetSpan(source, 5));

        MemoryOperations.Copy(Store.Context, _memory, _memory, (ulong)destination, (ulong)source, 5);

        Assert.Equal(bytes, _memory.GetSpan(destination, 5).ToArray());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(0, 70_000)]
    [InlineData(70_000, 0)]
    [InlineData(0, 0)]
    public void Copy_works_where_long_ranges_overlap(int source, int destination)
    {
        var memory = new Memory(Store, new MemoryType(new Limits(8, 8)));
        var bytes = new byte[400_001];
        new Random(1).NextBytes(bytes);
        bytes.CopyTo(memory.GetSpan(source, bytes.Length));

        MemoryOperations.Copy(Store.Context, memory, memory, (ulong)destination, (ulong)source, (ulong)bytes.Length);

        Assert.True(memory.GetSpan(destination, bytes.Length).SequenceEqual(bytes));
    }

    [Fact]
    public void Copy_goes_from_one_memory_to_another()
    {
        var other = NewMemory();
        other.Write(100, 42);

        MemoryOperations.Copy(Store.Context, _memory, other, End - 4, 100, 4);

        Assert.Equal(42, _memory.Read<int>((int)End - 4));
    }

    [Fact]
    public void Init_copies_a_part_of_the_segment()
    {
        MemoryOperations.Init(Store.Context, _memory, new DataInstance(new byte[] { 1, 2, 3, 4 }), End - 2, 1, 2);

        Assert.Equal([0, 2, 3], _memory.GetSpan((int)End - 3, 3).ToArray());
    }

    [Fact]
    public void Ranges_of_length_zero_may_stand_at_the_end()
    {
        var segment = new DataInstance(new byte[4]);
        MemoryOperations.Fill(Store.Context, _memory, End, 1, 0);
        MemoryOperations.Copy(Store.Context, _memory, _memory, End, End, 0);
        MemoryOperations.Init(Store.Context, _memory, segment, End, 4, 0);
        segment.Drop();
        MemoryOperations.Init(Store.Context, _memory, segment, End, 0, 0);
    }

    [Theory]
    [InlineData(End, 1)]
    [InlineData(End - 1, 2)]
    [InlineData(End + 1, 0)]
    [InlineData(0, End + 1)]
    [InlineData(ulong.MaxValue, 1)]
    [InlineData(1, ulong.MaxValue)]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    public void Ranges_beyond_the_end_trap_before_anything_is_written(ulong start, ulong count)
    {
        _memory.Span.Fill(1);
        AssertTraps(() => MemoryOperations.Fill(Store.Context, _memory, start, 2, count));
        AssertTraps(() => MemoryOperations.Copy(Store.Context, _memory, _memory, start, 0, count));
        AssertTraps(() => MemoryOperations.Copy(Store.Context, _memory, _memory, 0, start, count));
        Assert.False(_memory.Span.ContainsAnyExcept((byte)1));
    }

    [Theory]
    [InlineData(0, 0, 5)]
    [InlineData(0, 5, 0)]
    [InlineData(0, 3, 2)]
    [InlineData(0, uint.MaxValue, 1)]
    [InlineData(0, 1, uint.MaxValue)]
    [InlineData(End - 1, 0, 2)]
    [InlineData(End + 1, 0, 0)]
    [InlineData(ulong.MaxValue, 0, 2)]
    public void Init_traps_beyond_the_segment_and_beyond_the_memory(ulong destination, uint source, uint count)
    {
        AssertTraps(() => MemoryOperations.Init(Store.Context, _memory, new DataInstance(new byte[] { 1, 2, 3, 4 }), destination, source, count));
        Assert.False(_memory.Span.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void A_dropped_segment_is_empty()
    {
        var segment = new DataInstance(new byte[4]);
        segment.Drop();

        AssertTraps(() => MemoryOperations.Init(Store.Context, _memory, segment, 0, 0, 1));
    }

    private static void AssertTraps(Action action) =>
        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, Assert.Throws<MemoryTrapException>(action).Kind);

    private Memory NewMemory() => new(Store, new MemoryType(new Limits(1, 2)));
}
