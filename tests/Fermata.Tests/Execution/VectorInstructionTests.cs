using System.Runtime.Intrinsics;
using System.Text;
using Fermata.Structure;
using Fermata.Tests.Hosting;

namespace Fermata.Tests.Execution;

public sealed class VectorInstructionTests : IDisposable
{
    private static readonly Vector128<byte> Counting = Vector128<byte>.Indices;

    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void There_are_236_instructions_and_20_relaxed_ones()
    {
        var rows = InstructionTable.Rows.Where(row => row.Prefix == 0xFD).ToArray();
        Assert.Equal(236, rows.Count(row => row.Number < 0x100));
        Assert.Equal(20, rows.Count(row => row.Number >= 0x100));
    }

    /// <summary>Constants are folded, rewritten or hidden from the JIT; variables are not.</summary>
    [Fact]
    public void Constant_operands_give_what_variables_give()
    {
        var random = new Random(1);
        foreach (var row in PureRows())
        {
            var operands = Enumerable.Range(0, 3).Select(_ => Operand(random)).ToArray();
            string type = row.Signature!.EndsWith('v') ? "v128" : row.Signature[^1] switch { 'i' => "i32", 'l' => "i64", 'f' => "f32", _ => "f64" };
            int count = row.Signature.IndexOf(':');
            string immediate = row.Immediate switch
            {
                Immediate.Lane => "1",
                Immediate.Lanes => string.Join(' ', Enumerable.Range(0, 16).Select(_ => random.Next(32))),
                _ => "",
            };
            var instance = _guest.Instantiate($"""
                (module
                  (func (export "variables") (param v128 v128 v128) (result {type})
                    ({row.Name} {immediate} {string.Join(' ', Enumerable.Range(0, count).Select(i => $"(local.get {i})"))}))
                  (func (export "first") (param v128 v128 v128) (result {type})
                    ({row.Name} {immediate} {Constant(operands[0])} {string.Join(' ', Enumerable.Range(1, count - 1).Select(i => $"(local.get {i})"))}))
                  (func (export "last") (param v128 v128 v128) (result {type})
                    ({row.Name} {immediate} {string.Join(' ', Enumerable.Range(0, count - 1).Select(i => $"(local.get {i})"))} {Constant(operands[count - 1])}))
                  (func (export "all") (param v128 v128 v128) (result {type})
                    ({row.Name} {immediate} {string.Join(' ', operands.Take(count).Select(Constant))})))
                """);
            var arguments = operands.Select(Value.FromV128).ToArray();
            var expected = instance.GetFunction("variables").Invoke(arguments)[0];
            foreach (string name in (string[])["first", "last", "all"])
            {
                var actual = instance.GetFunction(name).Invoke(arguments)[0];
                Assert.True(expected == actual, $"{row.Name} of {string.Join(' ', operands)}: {expected} of variables, {actual} of constants ({name})");
            }
        }
    }

    [Theory]
    [InlineData("i8x16", "i32", 8, 300)]
    [InlineData("i16x8", "i32", 16, -3)]
    [InlineData("i32x4", "i32", 32, int.MinValue)]
    [InlineData("i64x2", "i64", 64, -5)]
    public void A_splat_of_a_constant_takes_its_low_bits(string shape, string type, int width, long number)
    {
        var splat = _guest.Instantiate($"""(module (func (export "f") (result v128) ({shape}.splat ({type}.const {number}))))""").GetFunction<Func<Vector128<byte>>>("f")();
        Assert.Equal(number << (64 - width) >>> (64 - width), splat.AsInt64()[0] << (64 - width) >>> (64 - width));
        Assert.Equal(splat.AsInt64()[0], splat.AsInt64()[1]);
        Assert.Equal(splat.AsByte()[0], splat.AsByte()[width / 8 % 16]);
    }

    [Theory]
    [InlineData("f32x4.splat", "f32.const 1")]
    [InlineData("f64x2.splat", "f64.const -0x1p-1074")]
    public void A_splat_of_a_constant_float_has_it_in_each_lane(string splat, string constant)
    {
        var result = _guest.Instantiate($"""(module (func (export "f") (result v128) ({splat} ({constant}))))""").GetFunction<Func<Vector128<byte>>>("f")();
        Assert.Equal(splat[0..3] == "f32" ? Vector128.Create(1f).AsByte() : Vector128.Create(-double.Epsilon).AsByte(), result);
    }

    [Theory]
    [InlineData("i8x16")]
    [InlineData("i16x8")]
    [InlineData("i32x4")]
    [InlineData("i64x2")]
    public void Shifts_use_the_count_modulo_the_width(string shape)
    {
        int width = 128 / int.Parse(shape[(shape.IndexOf('x') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        foreach (string shift in (string[])["shl", "shr_s", "shr_u"])
        {
            foreach (int count in (int[])[0, 1, width - 1, width, width + 1, 127, 128, -1, int.MinValue + 3])
            {
                var instance = _guest.Instantiate($"""
                    (module
                      (func (export "variable") (param v128 i32) (result v128) ({shape}.{shift} (local.get 0) (local.get 1)))
                      (func (export "constant") (param v128) (result v128) ({shape}.{shift} (local.get 0) (i32.const {count}))))
                    """);
                var operand = Vector128.Create(0x8123456789ABCDEF, 0x7EDCBA9876543210).AsByte();
                var variable = instance.GetFunction<Func<Vector128<byte>, int, Vector128<byte>>>("variable");
                Assert.Equal(variable(operand, count & (width - 1)), variable(operand, count));
                Assert.Equal(variable(operand, count), instance.GetFunction<Func<Vector128<byte>, Vector128<byte>>>("constant")(operand));
            }
        }
    }

    [Fact]
    public void Accesses_check_as_many_bytes_as_they_touch_and_leave_memory_alone_if_they_trap()
    {
        var instance = _guest.Instantiate("""
            (module (memory (export "memory") 1)
              (func (export "load") (param i32) (result v128) (v128.load (local.get 0)))
              (func (export "store") (param i32 v128) (v128.store offset=1 (local.get 0) (local.get 1)))
              (func (export "load16") (param i32 v128) (result v128) (v128.load16_lane 7 (local.get 0) (local.get 1)))
              (func (export "store64") (param i32 v128) (v128.store64_lane 1 (local.get 0) (local.get 1)))
              (func (export "extend") (param i32) (result v128) (v128.load8x8_u (local.get 0)))
              (func (export "zero") (param i32) (result v128) (v128.load32_zero (local.get 0))))
            """);
        var memory = instance.GetMemory("memory");
        memory.Write(65528, 0x8877665544332211);

        Assert.Equal(0x8877665544332211, Get(instance, "load", 65520).AsUInt64()[1]);
        AssertTraps(() => Get(instance, "load", 65521));
        var store = instance.GetFunction<Action<int, Vector128<byte>>>("store");
        AssertTraps(() => store(65520, Counting));
        AssertTraps(() => store(-1, Counting));
        Assert.Equal(0x8877665544332211, memory.Read<ulong>(65528));
        store(65519, Counting);
        Assert.Equal(0x0F0E0D0C0B0A0908u, memory.Read<ulong>(65528));

        Assert.Equal(0x0F0E, instance.GetFunction<Func<int, Vector128<byte>, Vector128<byte>>>("load16")(65534, default).AsUInt16()[7]);
        AssertTraps(() => instance.GetFunction<Func<int, Vector128<byte>, Vector128<byte>>>("load16")(65535, default));
        var store64 = instance.GetFunction<Action<int, Vector128<byte>>>("store64");
        store64(65528, Vector128.Create(1ul, 2ul).AsByte());
        AssertTraps(() => store64(65529, Counting));
        Assert.Equal(2ul, memory.Read<ulong>(65528));
        Assert.Equal(2, Get(instance, "extend", 65528).AsUInt16()[0]);
        AssertTraps(() => Get(instance, "extend", 65529));
        Assert.Equal(0ul, Get(instance, "zero", 65532).AsUInt64()[1]);
        AssertTraps(() => Get(instance, "zero", 65533));
    }

    [Fact]
    public void A_stored_lane_is_the_one_from_before_its_variable_changed()
    {
        var f = _guest.Instantiate("""
            (module (memory 1)
              (func (export "f") (param $v v128) (result i32)
                i32.const 0
                local.get $v
                (local.set $v (v128.const i32x4 0 0 0 0))
                v128.store32_lane align=1 2
                (i32.load (i32.const 0))))
            """).GetFunction<Func<Vector128<byte>, int>>("f");
        Assert.Equal(0x0B0A0908, f(Counting));
    }

    [Theory]
    [InlineData("i32.const 0 local.get 0 v128.load8_lane 1 drop")]
    [InlineData("i32.const 0 local.get 0 v128.load8_lane offset=1 1 drop")]
    [InlineData("i32.const 0 local.get 0 v128.load8_lane 0 align=1 15 drop")]
    [InlineData("i32.const 0 local.get 0 v128.store8_lane 0 0 nop")]
    [InlineData("(drop (v128.load8_lane $m offset=3 1 (i32.const 0) (local.get 0)))")]
    public void The_memory_of_an_access_to_a_lane_may_be_left_out(string code) =>
        _guest.Instantiate($"(module (memory $m 1) (func (param v128) {code}))");

    [Theory]
    [InlineData("(i8x16.extract_lane_s 16 (local.get 0))")]
    [InlineData("(f64x2.extract_lane 2 (local.get 0))")]
    [InlineData("(i16x8.replace_lane 8 (local.get 0) (i32.const 0))")]
    [InlineData("(i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 32 (local.get 0) (local.get 0))")]
    [InlineData("(v128.load64_lane 2 (i32.const 0) (local.get 0))")]
    public void Lanes_beyond_are_invalid(string code)
    {
        var e = Assert.Throws<InvalidModuleException>(() => _guest.Instantiate($"(module (memory 1) (func (param v128) {code} (unreachable)))"));
        Assert.StartsWith("invalid lane index", e.Problem);
    }

    /// <summary>The JIT stops inlining in large functions: what is called then must do the same.</summary>
    [Fact]
    public void Large_functions_compute_the_same_as_small_ones()
    {
        var random = new Random(2);
        var rows = PureRows().Where(row => row.Signature == "vv:v" && row.Immediate == Immediate.None && !row.Name.StartsWith('f')).ToArray();
        var steps = Enumerable.Range(0, 2500).Select(_ => (Name: rows[random.Next(rows.Length)].Name, To: random.Next(4), A: random.Next(4), B: random.Next(4))).ToArray();
        var text = new StringBuilder("(module (memory (export \"memory\") 1)");
        foreach (var row in rows)
            text.Append($"(func (export \"{row.Name}\") (param v128 v128) (result v128) ({row.Name} (local.get 0) (local.get 1)))");
        text.Append("(func (export \"large\") (param v128 v128 v128 v128) (result v128 v128 v128 v128)");
        foreach (var step in steps)
            text.Append($"(local.set {step.To} ({step.Name} (local.get {step.A}) (local.get {step.B})))");
        var instance = _guest.Instantiate(text.Append("(local.get 0) (local.get 1) (local.get 2) (local.get 3)))").ToString());

        var values = Enumerable.Range(0, 4).Select(_ => Value.FromV128(Operand(random))).ToArray();
        var large = instance.GetFunction("large").Invoke(values);
        foreach (var step in steps)
            values[step.To] = instance.GetFunction(step.Name).Invoke(values[step.A], values[step.B])[0];
        Assert.Equal(values, large);
    }

    private static IEnumerable<InstructionInfo> PureRows() => InstructionTable.Rows.Where(row =>
        row.Prefix == 0xFD && row.Signature!.StartsWith('v') && row.Signature[..row.Signature.IndexOf(':')].All(letter => letter == 'v'));

    /// <summary>Bits that are no NaN in any shape, so that results have no choice.</summary>
    private static Vector128<byte> Operand(Random random)
    {
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        for (int i = 3; i < bytes.Length; i += 4)
            bytes[i] &= 0xBF;
        return Vector128.Create(bytes);
    }

    private static string Constant(Vector128<byte> vector) =>
        $"(v128.const i64x2 0x{vector.AsUInt64()[0]:x} 0x{vector.AsUInt64()[1]:x})";

    private static Vector128<byte> Get(Instance instance, string name, int address) => instance.GetFunction<Func<int, Vector128<byte>>>(name)(address);

    private static void AssertTraps(Action action) =>
        Assert.Equal(TrapKind.OutOfBoundsMemoryAccess, Assert.ThrowsAny<TrapException>(action).Kind);
}
