using Fermata.Structure;
using static Fermata.Tests.Binary.ModuleBytes;

namespace Fermata.Tests.Validation;

/// <summary>The rules for definitions; those for instructions are in <see cref="CodeValidatorTests"/>.</summary>
public class ModuleValidatorTests
{
    [Fact]
    public void The_types_of_all_index_spaces_are_resolved()
    {
        // Two equal types, so that type index 1 is the same identity as type index 0.
        var types = Validate(Module(
            Section(1, 2, 0x60, 1, 0x7F, 0, 0x60, 1, 0x7F, 0),
            Section(2, [1, .. Name("m"), .. Name("f"), 0, 1]),
            Section(3, 1, 0),
            Section(4, 1, 0x63, 1, 0, 1),
            Section(5, 1, 4, 1),
            Section(13, 1, 0, 1),
            Section(6, 1, 0x63, 1, 1, 0xD0, 0x01, 0x0B),
            Section(9, 1, 5, 0x63, 1, 0),
            Code([0, 0x0B])));

        var type = types.Types[0];
        var reference = ValType.Ref(true, HeapType.Defined(type.Id));
        Assert.Same(type, types.Types[1]);
        Assert.Equal([type, type], types.FunctionTypes);
        Assert.Equal([new TableType(reference, new Limits(1, null))], types.TableTypes);
        Assert.Equal([new MemoryType(new Limits(1, null), Is64: true)], types.MemoryTypes);
        Assert.Equal([type], types.TagTypes);
        Assert.Equal([new GlobalType(reference, true)], types.GlobalTypes);
        Assert.Equal([reference], types.ElementTypes);
        Assert.Equal([ValType.I32], types.BlockParameters(new BlockType(BlockTypeKind.Type, default, 1)));
        Assert.Empty(types.BlockResults(new BlockType(BlockTypeKind.Type, default, 1)));
        Assert.Equal([reference], types.BlockResults(new BlockType(BlockTypeKind.Result, ValType.Ref(true, HeapType.Defined(1)), -1)));
        Assert.Empty(types.BlockResults(new BlockType(BlockTypeKind.Empty, default, -1)));
    }

    [Theory]
    [InlineData(new byte[] { 1, 0x60, 1, 0x63, 1, 0 }, "unknown type 1")]
    [InlineData(new byte[] { 1, 0x4E, 2, 0x60, 1, 0x63, 2, 0, 0x60, 0, 0 }, "unknown type 2")]
    [InlineData(new byte[] { 1, 0x50, 1, 0, 0x60, 0, 0 }, "unknown type 0")]
    [InlineData(new byte[] { 1, 0x5F, 1, 0x64, 9, 0 }, "unknown type 9")]
    [InlineData(new byte[] { 1, 0x5E, 0x64, 9, 0 }, "unknown type 9")]
    public void A_type_that_is_not_defined(byte[] types, string problem) => AssertInvalid(problem, 11, Module(Section(1, types)));

    [Theory]
    [InlineData(new byte[] { 2, 0x60, 0, 0, 0x50, 1, 0, 0x60, 0, 0 }, "sub type 1 has a final super type 0", 14)]
    [InlineData(new byte[] { 2, 0x50, 0, 0x60, 0, 0, 0x50, 1, 0, 0x60, 1, 0x7F, 0 }, "sub type 1 does not match super type 0", 16)]
    [InlineData(new byte[] { 2, 0x50, 0, 0x60, 0, 0, 0x50, 1, 0, 0x5F, 0 }, "sub type 1 does not match super type 0", 16)]
    [InlineData(new byte[] { 2, 0x50, 0, 0x60, 0, 0, 0x50, 2, 0, 0, 0x60, 0, 0 }, "sub type 1 has more than one super type", 16)]
    public void A_wrong_subtype(byte[] types, string problem, int offset) => AssertInvalid(problem, offset, Module(Section(1, types)));

    [Fact]
    public void Subtypes_are_not_stacked_deeper_than_the_limit()
    {
        static byte[] Chain(int depth) => Module(Section(1, [
            (byte)(depth + 1),
            0x50, 0, 0x60, 0, 0,
            .. Enumerable.Range(0, depth).SelectMany(i => (byte[])[0x50, 1, (byte)i, 0x60, 0, 0]),
        ]));
        Assert.Equal(63, Validate(Chain(63)).Types[63].Depth);
        AssertInvalid("sub type 64 has too many super types", 12 + 5 + (63 * 6), Chain(64));
    }

    [Fact]
    public void Functions_and_tags_need_function_types()
    {
        AssertInvalid("unknown type 3", 22, Module(OneType, Section(3, 1, 3), Code([0, 0x0B])));
        AssertInvalid("non-function type 0", 21, Module(Section(1, 1, 0x5F, 0), Section(3, 1, 0), Code([0, 0x0B])));
        AssertInvalid("unknown type 1", 17, Module(OneType, Section(13, 1, 0, 1)));
        AssertInvalid("non-empty tag result type", 18, Module(Section(1, 1, 0x60, 0, 1, 0x7F), Section(13, 1, 0, 0)));
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0x81, 0x80, 0x04 }, "memory size must be at most 65536 pages (4 GiB)")]
    [InlineData(new byte[] { 1, 1, 0, 0x81, 0x80, 0x04 }, "memory size must be at most 65536 pages (4 GiB)")]
    [InlineData(new byte[] { 1, 4, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40 }, "memory size must be at most 2^48 pages")]
    [InlineData(new byte[] { 1, 1, 2, 1 }, "size minimum must not be greater than maximum")]
    [InlineData(new byte[] { 1, 2, 1 }, "shared memory must have maximum")]
    public void A_wrong_memory(byte[] memories, string problem) => AssertInvalid(problem, 11, Module(Section(5, memories)));

    [Theory]
    [InlineData(new byte[] { 1, 0x70, 0, 0x80, 0x80, 0x80, 0x80, 0x10 }, "table size must be at most 2^32-1", 11)]
    [InlineData(new byte[] { 1, 0x70, 1, 2, 1 }, "size minimum must not be greater than maximum", 11)]
    [InlineData(new byte[] { 1, 0x63, 0, 0, 1 }, "unknown type 0", 11)]
    [InlineData(new byte[] { 1, 0x64, 0x70, 0, 1 }, "type mismatch", 11)]
    [InlineData(new byte[] { 1, 0x40, 0, 0x64, 0x70, 0, 1, 0xD0, 0x70, 0x0B }, "type mismatch", 19)]
    [InlineData(new byte[] { 1, 0x40, 0, 0x70, 0, 1, 0x23, 0, 0x0B }, "unknown global 0", 16)]
    public void A_wrong_table(byte[] tables, string problem, int offset) => AssertInvalid(problem, offset, Module(Section(4, tables)));

    [Theory]
    [InlineData(new byte[] { 1, 0x7F, 0, 0x42, 0, 0x0B }, "type mismatch", 15)]
    [InlineData(new byte[] { 1, 0x7F, 0, 0x0B }, "type mismatch", 13)]
    [InlineData(new byte[] { 1, 0x7F, 0, 0x41, 0, 0x41, 0, 0x0B }, "type mismatch", 17)]
    [InlineData(new byte[] { 1, 0x7F, 0, 0x41, 0, 0x01, 0x0B }, "constant expression required", 15)]
    [InlineData(new byte[] { 1, 0x7F, 0, 0x23, 0, 0x0B }, "unknown global 0", 13)]
    [InlineData(new byte[] { 2, 0x7F, 1, 0x41, 0, 0x0B, 0x7F, 0, 0x23, 0, 0x0B }, "constant expression required", 18)]
    [InlineData(new byte[] { 1, 0x70, 0, 0xD2, 0, 0x0B }, "unknown function 0", 13)]
    [InlineData(new byte[] { 1, 0x63, 5, 0, 0xD0, 0x70, 0x0B }, "unknown type 5", 11)]
    public void A_wrong_global(byte[] globals, string problem, int offset) => AssertInvalid(problem, offset, Module(Section(6, globals)));

    [Fact]
    public void Constant_expressions_may_compute_and_read_earlier_constants() =>
        Validate(Module(Section(6, 2, 0x7F, 0, 0x41, 2, 0x41, 3, 0x6C, 0x0B, 0x7F, 1, 0x23, 0, 0x41, 1, 0x6A, 0x0B)));

    [Theory]
    [InlineData(new byte[] { 1, 0, 0x41, 0, 0x0B, 1, 7 }, "unknown function 7", 17)]
    [InlineData(new byte[] { 1, 2, 3, 0x41, 0, 0x0B, 0, 0 }, "unknown table 3", 17)]
    [InlineData(new byte[] { 1, 0, 0x42, 0, 0x0B, 0 }, "type mismatch", 20)]
    [InlineData(new byte[] { 1, 6, 0, 0x41, 0, 0x0B, 0x6F, 0 }, "type mismatch", 17)]
    [InlineData(new byte[] { 1, 5, 0x70, 1, 0xD0, 0x6F, 0x0B }, "type mismatch", 22)]
    public void A_wrong_element_segment(byte[] elements, string problem, int offset) =>
        AssertInvalid(problem, offset, Module(Section(4, 1, 0x70, 0, 1), Section(9, elements)));

    [Theory]
    [InlineData(new byte[] { 1, 2, 1, 0x41, 0, 0x0B, 0 }, "unknown memory 1", 16)]
    [InlineData(new byte[] { 1, 0, 0x42, 0, 0x0B, 0 }, "type mismatch", 19)]
    public void A_wrong_data_segment(byte[] data, string problem, int offset) =>
        AssertInvalid(problem, offset, Module(Section(5, 1, 0, 1), Section(11, data)));

    [Fact]
    public void Exports_exist_and_have_different_names()
    {
        AssertInvalid("unknown function 0", 11, Module(Section(7, [1, .. Name("f"), 0, 0])));
        AssertInvalid("unknown tag 2", 11, Module(Section(7, [1, .. Name("f"), 4, 2])));
        AssertInvalid(
            "duplicate export name \"m\"", 20, Module(Section(5, 1, 0, 1), Section(7, [2, .. Name("m"), 2, 0, .. Name("m"), 2, 0])));
    }

    [Fact]
    public void The_start_function_takes_and_gives_nothing()
    {
        AssertInvalid("unknown function 4", 10, Module(Section(8, 4)));
        AssertInvalid(
            "start function must not have parameters or results", 21,
            Module(Section(1, 1, 0x60, 1, 0x7F, 0), Section(3, 1, 0), Section(8, 0), Code([0, 0x0B])));
    }
}
