using Fermata.Runtime;

namespace Fermata.Tests.Execution;

public class TableTests : StoreTest
{
    [Fact]
    public void A_table_holds_what_was_set()
    {
        var table = NewTable(2, null);
        table.Set(1, "x");

        Assert.Equal(2, table.Length);
        Assert.Null(table.Get(0));
        Assert.Equal("x", table.Get(1));
    }

    [Fact]
    public void An_initial_value_fills_the_table() =>
        Assert.Equal("x", new Table(Store, new TableType(ValType.Ref(false, HeapType.Extern), new Limits(3, null)), "x").Get(2));

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public void An_index_outside_is_refused(int index)
    {
        var table = NewTable(2, null);

        string message = $"index {index} is outside the table, which has 2 elements";
        AssertThrows<ArgumentOutOfRangeException>(message, () => table.Get(index));
        AssertThrows<ArgumentOutOfRangeException>(message, () => table.Set(index, null));
    }

    [Fact]
    public void A_value_of_another_type_is_refused()
    {
        var functions = new Table(Store, new TableType(ValType.FuncRef, new Limits(1, null)));

        AssertThrows<ArgumentException>("a table of funcref cannot hold String", () => functions.Set(0, "x"));
        Assert.Throws<ArgumentException>(() => functions.Grow(1, "x"));
        Assert.Throws<ArgumentException>(
            () => new Table(Store, new TableType(ValType.Ref(false, HeapType.Extern), new Limits(1, null))));
        Assert.Equal(1, functions.Length);
    }

    [Fact]
    public void An_element_is_read_as_an_object_of_its_class()
    {
        var table = NewTable(2, null);
        table.Set(1, "x");

        Assert.Equal("x", table.Get<string>(1));
        Assert.Null(table.Get<string>(0));
        AssertThrows<InvalidCastException>("element 1 is a System.String, not a System.Version", () => table.Get<Version>(1));
        AssertThrows<ArgumentOutOfRangeException>("index 2 is outside the table, which has 2 elements", () => table.Get<string>(2));
    }

    [Fact]
    public void A_function_that_cannot_be_called_is_told_as_a_trap_would()
    {
        var functions = new Table(Store, new TableType(ValType.FuncRef, new Limits(2, null)));
        var function = Function.Create(Store, () => { });
        functions.Set(1, function);

        Assert.Same(function, functions.GetFunction(1));
        AssertThrows<InvalidOperationException>("uninitialized element 0", () => functions.GetFunction(0));
        AssertThrows<ArgumentOutOfRangeException>("undefined element: index 2 is outside the table, which has 2 elements", () => functions.GetFunction(2));
        AssertThrows<ArgumentOutOfRangeException>("undefined element: index -1 is outside", () => functions.GetFunction(-1));
        var objects = NewTable(1, null);
        objects.Set(0, "x");
        AssertThrows<InvalidCastException>("element 0 is a System.String, not a Fermata.Function", () => objects.GetFunction(0));
    }

    [Fact]
    public void Growing_gives_the_old_length_and_stops_at_the_maximum()
    {
        var table = NewTable(1, 4);

        Assert.Equal(1, table.Grow(2, "x"));
        Assert.Equal([null, "x", "x"], Enumerable.Range(0, 3).Select(table.Get));
        Assert.Equal(-1, table.Grow(2));
        Assert.Equal(3, table.Grow(1));
        Assert.Equal(new Limits(4, 4), table.Type.Limits);
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Grow(-1));
    }

    [Fact]
    public void Growing_by_one_is_amortised_and_leaves_the_room_null()
    {
        var table = NewTable(0, null);
        int arrays = 0;
        object?[] last = table.Elements;
        for (int i = 0; i < 100_000; i++)
        {
            Assert.Equal(i, table.Grow(1, "x"));
            if (last != table.Elements)
                arrays++;
            last = table.Elements;
        }
        Assert.InRange(arrays, 1, 20);
        Assert.All(table.Elements.Skip(table.Size), Assert.Null);
    }

    [Fact]
    public void A_table_has_at_most_ten_million_elements()
    {
        var table = NewTable(0, null);

        Assert.Equal(-1, table.Grow(Table.MaxLength + 1));
        Assert.Equal(ulong.MaxValue, TableOperations.Grow(table.Store.Context, table, null, ulong.MaxValue));
        Assert.Equal(0, table.Grow(Table.MaxLength));
        Assert.Equal(-1, table.Grow(1));
        Assert.Throws<InsufficientMemoryException>(() => NewTable(Table.MaxLength + 1, null));
        Assert.Throws<InsufficientMemoryException>(() => NewTable(ulong.MaxValue, null));
    }

    [Fact]
    public void Limits_that_contradict_each_other_are_refused() => Assert.Throws<ArgumentException>(() => NewTable(2, 1));

    private Table NewTable(ulong min, ulong? max) => new(Store, new TableType(ValType.ExternRef, new Limits(min, max)));
}
