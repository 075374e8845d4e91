using System.Globalization;
using Fermata.Structure;

namespace Fermata.Tests.Execution;

/// <summary>With <see cref="EngineOptions.IsDeterministic"/> each NaN that arithmetic makes is the positive canonical one (section 4.3.3 "Floating-Point Operations").</summary>
public sealed class CanonicalNanTests
{
    private const string Operations = "ceil|floor|trunc|nearest|sqrt|add|sub|mul|div|min|max|demote_f64|promote_f32|demote_f64x2_zero|promote_low_f32x4"
        + "|relaxed_min|relaxed_max|relaxed_madd|relaxed_nmadd";

    private static readonly string[] Keeping = ["abs", "neg", "copysign", "pmin", "pmax"];

    /// <summary>All instructions that take and give floating-point numbers, or vectors of them; and whether their NaNs are their own.</summary>
    public static TheoryData<string, bool> Instructions
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var row in InstructionTable.Rows.Where(row => row.Immediate == Immediate.None && row.Name.StartsWith('f') && IsOnFloats(row)))
            {
                var name = row.Name.Split('.')[1];
                Assert.True(Operations.Split('|').Contains(name) != Keeping.Contains(name), $"{row.Name} is in one of the lists");
                data.Add(row.Name, !Keeping.Contains(name));
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Instructions))]
    public void ANanIsCanonicalUnlessTheInstructionOnlyMovesBits(string name, bool isCanonical)
    {
        using var store = new Store(new Engine(new EngineOptions { IsDeterministic = true }));
        var info = InstructionTable.Find(name)!;
        var count = info.Signature!.IndexOf(':', StringComparison.Ordinal);
        var lane = name[1..3] == "32" ? "i32" : "i64";
        var instance = new Linker(store.Engine).Instantiate(store, Module.Parse(store.Engine, Text(info, count, lane)));
        var f = instance.GetFunction("f");
        var found = new HashSet<ulong>();
        foreach (var first in Nans(Operand(info, 0)))
        {
            foreach (var second in Nans(Operand(info, 0)).Prepend(One(Operand(info, 0))))
            {
                found.Add((ulong)f.Invoke([.. Enumerable.Range(0, count).Select(i => Value.FromI64((long)(i == 0 ? first : second)))])[0].AsI64());
            }
        }

        var canonical = lane == "i32" ? 0x7FC0_0000UL : 0x7FF8_0000_0000_0000UL;
        if (isCanonical)
            Assert.Equal([canonical], found);
        else
            Assert.NotEqual([canonical], found);
    }

    /// <summary>What makes a NaN of numbers: x86 makes a negative one.</summary>
    [Theory]
    [InlineData("(f32.sub (f32.const inf) (local.get 0))", 0x7FC0_0000)]
    [InlineData("(f32.div (f32.sub (local.get 0) (local.get 0)) (f32.const 0))", 0x7FC0_0000)]
    [InlineData("(f32.sqrt (f32.neg (local.get 0)))", 0x7FC0_0000)]
    [InlineData("(f32.mul (f32.const 0) (local.get 0))", 0x7FC0_0000)]
    public void ANanThatIsMadeOfNumbersIsPositive(string expression, int bits)
    {
        using var store = new Store(new Engine(new EngineOptions { IsDeterministic = true }));
        var f = new Linker(store.Engine).Instantiate(store, Module.Parse(store.Engine, string.Create(
            CultureInfo.InvariantCulture, $"(func (export \"f\") (param f32) (result i32) (i32.reinterpret_f32 {expression}))"))).GetFunction<Func<float, int>>("f");
        Assert.Equal(bits, f(float.PositiveInfinity));
    }

    private static bool IsOnFloats(InstructionInfo row) => row.Signature is { } signature && signature.IndexOf(':', StringComparison.Ordinal) is var end
        && signature[(end + 1)..] is "f" or "d" or "v" && signature[..end].All(letter => letter is 'f' or 'd' or 'v')
        && !row.Name.Contains("convert", StringComparison.Ordinal) && !"splat|eq|ne|lt|gt|le|ge".Split('|').Contains(row.Name.Split('.')[1]);

    /// <summary>The type of the lanes, or of the number, that the instruction takes.</summary>
    private static string Operand(InstructionInfo info, int index) => info.Signature![index] switch
    {
        'f' => "f32",
        'd' => "f64",
        _ when info.Name.Contains("f64x2_zero", StringComparison.Ordinal) => "f64",
        _ when info.Name.Contains("low_f32x4", StringComparison.Ordinal) => "f32",
        _ => info.Name[..3],
    };

    private static ulong One(string type) => type == "f32" ? BitConverter.SingleToUInt32Bits(1) : BitConverter.DoubleToUInt64Bits(1);

    /// <summary>Quiet and signalling ones of both signs.</summary>
    private static ulong[] Nans(string type) => type == "f32"
        ? [0xFFC0_0000, 0x7FC1_2345, 0xFFA0_0001, 0x7F80_0001]
        : [0xFFF8_0000_0000_0000, 0x7FF9_0000_1234_5678, 0xFFF4_0000_0000_0001, 0x7FF0_0000_0000_0001];

    private static string Text(InstructionInfo info, int count, string lane)
    {
        var isVector = info.Signature![0] == 'v';
        var operands = string.Concat(Enumerable.Range(0, count).Select(i => Operand(info, i) switch
        {
            "f32" when isVector => $"(i32x4.splat (i32.wrap_i64 (local.get {i})))",
            "f64" when isVector => $"(i64x2.splat (local.get {i}))",
            "f32" => $"(f32.reinterpret_i32 (i32.wrap_i64 (local.get {i})))",
            _ => $"(f64.reinterpret_i64 (local.get {i}))",
        }));
        var result = isVector ? $"({(lane == "i32" ? "i32x4" : "i64x2")}.extract_lane 0 ({info.Name} {operands}))" : $"({lane}.reinterpret_{info.Name[..3]} ({info.Name} {operands}))";
        var parameters = string.Concat(Enumerable.Repeat("(param i64) ", count));
        return $"(func (export \"f\") {parameters}(result i64) {(lane == "i32" ? $"(i64.extend_i32_u {result})" : result)})";
    }
}
