using Fermata.Runtime;

namespace Fermata.Tests.Execution;

public class TableOperationsTests : StoreTest
{
    private readonly Table _table;

    public TableOperationsTests()
    {
        _table = NewTable(4);
        // Room beyond the size must be as out of bounds as no room.
        TableOperations.Grow(_table.Store.Context, _table, null, 1);
        Assert.True(_table.Elements.Length > _table.Size);
    }

    [Fact]
    public void Get_and_set_reach_every_element()
    {
        TableOperations.Set(_table, 4, "x");

        Assert.Equal("x", TableOperations.Get(_table, 4));
        Assert.Equal(5ul, TableOperations.Size(_table));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(uint.MaxValue)]
    [InlineData(1ul << 32)]
    [InlineData(ulong.MaxValue)]
    public void Get_and_set_trap_beyond_the_end(ulong index)
    {
        AssertTraps(() => TableOperations.Get(_table, index));
        AssertTraps(() => TableOperations.Set(_table, index, "x"));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(0, 9_000)]
    [InlineData(9_000, 0)]
    public void Copy_works_where_long_ranges_overlap(int source, int destination)
    {
        const int Count = 30_000;
        var table = NewTable(50_000);
        var elements = Enumerable.Range(0, Count).Select(i => (object?)i).ToArray();
        elements.CopyTo(table.Elements.AsSpan(source));

        TableOperations.Copy(Store.Context, table, table, (ulong)destination, (ulong)source, Count);

        Assert.Equal(elements, table.Elements.AsSpan(destination, Count).ToArray());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Copy_works_where_the_ranges_overlap(ulong source, ulong destination)
    {
        for (int i = 0; i < 4; i++)
            TableOperations.Set(_table, source + (ulong)i, i);

        TableOperations.Copy(Store.Context, _table, _table, destination, source, 4);

        Assert.Equal([0, 1, 2, 3], Enumerable.Range((int)destination, 4).Select(i => (int)_table.Get(i)!));
    }

    [Fact]
    public void Copy_goes_from_one_table_to_another()
    {
        var other = NewTable(1);
        other.Set(0, "x");

        TableOperations.Copy(Store.Context, _table, other, 4, 0, 1);

        Assert.Equal("x", _table.Get(4));
    }

    [Fact]
    public void Init_copies_a_part_of_the_segment()
    {
        TableOperations.Init(Store.Context, _table, new ElementInstance(["a", "b", "c"]), 3, 1, 2);

        Assert.Equal([null, "b", "c"], Enumerable.Range(2, 3).Select(_table.Get));
    }

    [Fact]
    public void Ranges_of_length_zero_may_stand_at_the_end()
    {
        var segment = new ElementInstance(["a"]);
        TableOperations.Fill(Store.Context, _table, 5, "x", 0);
        TableOperations.Copy(Store.Context, _table, _table, 5, 5, 0);
        TableOperations.Init(Store.Context, _table, segment, 5, 1, 0);
        segment.Drop();
        TableOperations.Init(Store.Context, _table, segment, 5, 0, 0);
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(4, 2)]
    [InlineData(6, 0)]
    [InlineData(0, 6)]
    [InlineData(ulong.MaxValue, 1)]
    [InlineData(1, ulong.MaxValue)]
    public void Ranges_beyond_the_end_trap_before_anything_is_written(ulong start, ulong count)
    {
        AssertTraps(() => TableOperations.Fill(Store.Context, _table, start, "x", count));
        AssertTraps(() => TableOperations.Copy(Store.Context, _table, _table, start, 0, count));
        AssertTraps(() => TableOperations.Copy(Store.Context, _table, _table, 0, start, count));
        Assert.All(_table.Elements, Assert.Null);
    }

    [Theory]
    [InlineData(0, 0, 3)]
    [InlineData(0, 3, 0)]
    [InlineData(0, 1, uint.MaxValue)]
    [InlineData(4, 0, 2)]
    [InlineData(ulong.MaxValue, 0, 2)]
    public void Init_traps_beyond_the_segment_and_beyond_the_table(ulong destination, uint source, uint count)
    {
        AssertTraps(() => TableOperations.Init(Store.Context, _table, new ElementInstance(["a", "b"]), destination, source, count));
        Assert.All(_table.Elements, Assert.Null);
    }

    [Fact]
    public void A_null_found_by_an_indirect_call_is_uninitialized_or_undefined()
    {
        var inside = Assert.Throws<TableTrapException>(() => Trap.UndefinedOrUninitializedElement(_table, 4));
        var outside = Assert.Throws<TableTrapException>(() => Trap.UndefinedOrUninitializedElement(_table, 5));

        Assert.Equal((TrapKind.UninitializedElement, "uninitialized element 4"), (inside.Kind, inside.Message));
        Assert.Equal((TrapKind.UndefinedElement, "undefined element"), (outside.Kind, outside.Message));
    }

    private static void AssertTraps(Action action) =>
        Assert.Equal(TrapKind.OutOfBoundsTableAccess, Assert.Throws<TableTrapException>(action).Kind);

    private Table NewTable(ulong size) => new(Store, new TableType(ValType.ExternRef, new Limits(size, null)));
}
