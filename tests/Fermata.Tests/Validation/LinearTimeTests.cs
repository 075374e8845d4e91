using System.Diagnostics;
using static Fermata.Tests.Binary.ModuleBytes;

namespace Fermata.Tests.Validation;

/// <summary>Modules that would take minutes if some part of validation took more than linear time.</summary>
public class LinearTimeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public void Deeply_nested_blocks_that_all_branch_to_the_outermost()
    {
        const int Depth = 50_000;
        var body = new List<byte>();
        for (var i = 0; i < Depth; i++)
            body.AddRange([0x02, 0x40, 0x41, 0, 0x0D, .. U32((uint)i)]);
        body.AddRange(Enumerable.Repeat<byte>(0x0B, Depth + 1));
        AssertQuick(Function([.. body]));
    }

    [Fact]
    public void A_branch_table_over_deeply_nested_blocks()
    {
        const int Depth = 50_000;
        var body = new List<byte>();
        for (var i = 0; i < Depth; i++)
            body.AddRange([0x02, 0x40]);
        body.AddRange([0x41, 0, 0x0E, .. U32(Depth)]);
        for (var i = 0; i <= Depth; i++)
            body.AddRange(U32((uint)i));
        body.AddRange(Enumerable.Repeat<byte>(0x0B, Depth + 1));
        AssertQuick(Function([.. body]));
    }

    [Fact]
    public void Many_functions_that_declare_many_locals_in_one_group()
    {
        const int Count = 100_000;
        byte[] entry = [1, .. U32(50_000), 0x7F, 0x0B];
        AssertQuick(Module(
            OneType, Section(3, [.. U32(Count), .. new byte[Count]]), Code([.. Enumerable.Repeat(entry, Count)])));
    }

    [Fact]
    public void Many_instructions_that_make_a_large_structure()
    {
        byte[] structure = [0x5F, .. U32(10_000), .. Enumerable.Repeat<byte[]>([0x7F, 0], 10_000).SelectMany(field => field)];
        var makeDefault = Enumerable.Repeat<byte[]>([0xFB, 1, 1, 0x1A], 50_000).SelectMany(instruction => instruction);
        var makeUnreachable = Enumerable.Repeat<byte[]>([0x00, 0xFB, 0, 1], 50_000).SelectMany(instruction => instruction);
        AssertQuick(Module(
            Section(1, [2, 0x60, 0, 0, .. structure]), Section(3, 1, 0), Code([0, .. makeDefault, .. makeUnreachable, 0x00, 0x0B])));
    }

    [Fact]
    public void Many_locals_without_default_that_are_set_in_many_blocks()
    {
        const int Count = 40_000;
        List<byte> body = [1, .. U32(Count), 0x64, 0x70];
        for (var i = 0; i < Count; i++)
            body.AddRange([0x02, 0x40, 0xD2, 0, 0x21, .. U32((uint)i), 0x0B]);
        AssertQuick(Module(OneType, Section(3, 1, 0), Section(9, 1, 3, 0, 1, 0), Code([.. body, 0x0B])));
    }

    [Fact]
    public void Operands_without_end_are_refused()
    {
        // (func (result i32 × 1,000)), called over and over.
        byte[] type = [0x60, 0, .. U32(1000), .. Enumerable.Repeat<byte>(0x7F, 1000)];
        var calls = Enumerable.Repeat<byte[]>([0x10, 0], 2_000).SelectMany(call => call);
        var exception = Assert.Throws<InvalidModuleException>(() => Validate(FunctionOfType(type, [.. calls, 0x0B])));
        Assert.StartsWith("too many operands", exception.Problem, StringComparison.Ordinal);
    }

    private static void AssertQuick(byte[] module)
    {
        var watch = Stopwatch.StartNew();
        Validate(module);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Limit);
    }
}
