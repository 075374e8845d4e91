using System.Globalization;
using System.Text;
using Fermata.Structure;

namespace Fermata.Tests.Compilation;

/// <summary>Code that leaves bounds to guard pages does what code does that compares each address: for each load and store, whatever becomes of the value, around the end of a memory.</summary>
public sealed class BoundsTests : IDisposable
{
    private const int End = 2 * Memory.PageSize;

    /// <summary>Around the end, at the guard behind 4 GiB, and where sums of 32 bits would begin anew.</summary>
    private static readonly (uint Address, uint Offset)[] Places =
    [
        .. Enumerable.Range(End - 18, 20).Select(address => ((uint)address, 0u)),
        .. Enumerable.Range(End - 18, 20).Select(address => ((uint)address - 5, 5u)),
        (0, 0), (0, End - 1), (0, End), (uint.MaxValue, 0), (uint.MaxValue, 3), (uint.MaxValue, uint.MaxValue), (4, uint.MaxValue), (0, 1u << 25), (uint.MaxValue, 1u << 25),
        (uint.MaxValue, (1u << 25) - 1), (uint.MaxValue, (1u << 25) - 16), (uint.MaxValue, (1u << 25) - 32), (1u << 31, 1u << 24),
    ];

    private readonly Side[] _sides = [new(BoundsChecks.Automatic), new(BoundsChecks.Explicit)];

    public void Dispose() => Array.ForEach(_sides, side => side.Store.Dispose());

    /// <summary>What becomes of the value of a load: a function of the type of the value that leaves nothing on the stack.</summary>
    public static TheoryData<string, string> Uses => new()
    {
        { "nothing", "drop" },
        { "a local that nobody reads", "(local.set $t)" },
        { "a result", "(global.set $t)" },
        { "a local that is read", "(local.set $t) (global.set $t (local.get $t))" },
        { "a local that is read after a branch", "(local.set $t) (br_if 0 (global.get $one)) (global.set $t (local.get $t))" },
        { "the low byte", "(local.set $t) (global.set $i (i32.and (call $low_$t (local.get $t)) (i32.const 255)))" },
        { "a stored byte", "(local.set $t) (i32.store8 (i32.const 0) (call $low_$t (local.get $t)))" },
        { "a sum in a loop", "(local.set $t) (loop (local.set $n (i32.add (local.get $n) (i32.const 1))) (br_if 0 (i32.lt_u (local.get $n) (i32.const 3)))) (global.set $t (local.get $t))" },
    };

    /// <summary>As <see cref="Uses"/>, for values of one type, with the operations in the same piece of code.</summary>
    public static TheoryData<string, string> PartialUses => new()
    {
        { "i", "(i32.const 255) (i32.and) (global.set $i)" },
        { "i", "(i32.const 1) (i32.and) (if (then (global.set $i (i32.const 1))))" },
        { "i", "(local.set $i) (global.set $i (i32.and (i32.const 255) (local.get $i)))" },
        { "i", "(i32.const 0) (i32.and) (global.set $i)" },
        { "i", "(i32.extend8_s) (global.set $i)" },
        { "i", "(i32.extend16_s) (global.set $i)" },
        { "i", "(local.set $i) (i32.store16 (i32.const 0) (local.get $i))" },
        { "i", "(local.set $i) (global.set $i (i32.shl (i32.const 1) (local.get $i)))" },
        { "i", "(i8x16.splat) (global.set $v)" },
        { "i", "(local.set $i) (global.set $v (i8x16.replace_lane 3 (global.get $v) (local.get $i)))" },
        { "l", "(i32.wrap_i64) (global.set $i)" },
        { "l", "(local.set $l) (global.set $i (i32.wrap_i64 (i64.add (local.get $l) (i64.const 5))))" },
        { "l", "(i64.const 1) (i64.and) (i32.wrap_i64) (if (then (global.set $i (i32.const 1))))" },
        { "l", "(i64.extend32_s) (global.set $l)" },
        { "l", "(local.set $l) (i64.store32 (i32.const 0) (local.get $l))" },
        { "l", "(local.set $l) (global.set $l (i64.shr_u (i64.const 77777) (local.get $l)))" },
        { "v", "(i8x16.extract_lane_u 3) (global.set $i)" },
        { "v", "(f64x2.extract_lane 0) (global.set $d)" },
        { "v", "(i16x8.extend_low_i8x16_s) (global.set $v)" },
        { "v", "(f64x2.promote_low_f32x4) (global.set $v)" },
        { "v", "(local.set $v) (global.set $v (i8x16.shuffle 0 1 2 3 0 1 2 3 0 1 2 3 0 1 2 3 (local.get $v) (local.get $v)))" },
        { "v", "(v128.not) (i8x16.extract_lane_u 3) (global.set $i)" },
        { "v", "(local.get $v) (f32x4.add) (f32x4.extract_lane 0) (f64.promote_f32) (global.set $d)" },
        { "v", "(local.get $v) (f64x2.mul) (f64x2.extract_lane 0) (global.set $d)" },
        { "v", "(local.get $v) (i32x4.add) (i32x4.extract_lane 0) (i32.const 255) (i32.and) (global.set $i)" },
        { "v", "(local.get $v) (v128.and) (i64x2.extract_lane 0) (i32.wrap_i64) (global.set $i)" },
        { "v", "(local.get $v) (v128.or) (v128.any_true) (global.set $i)" },
        { "v", "(local.set $v) (local.set $v (f32x4.mul (local.get $v) (local.get $v))) (global.set $d (f64x2.extract_lane 0 (local.get $v)))" },
        { "v", "(local.set $v) (v128.store64_lane 0 (i32.const 0) (local.get $v))" },
    };

    [Theory]
    [MemberData(nameof(Uses))]
    public void Loads_end_as_checked_ones_do(string name, string use)
    {
        Assert.NotEmpty(name);
        Compare(from row in Loads let type = row.Signature![^1] select (row, Arguments(row), use.Replace("$t", $"${type}", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(PartialUses))]
    public void Loads_of_which_a_part_is_used_end_as_checked_ones_do(string type, string use) =>
        Compare(from row in Loads where row.Signature!.EndsWith(type, StringComparison.Ordinal) select (row, Arguments(row), use));

    [Fact]
    public void Stores_end_as_checked_ones_do_and_write_all_or_nothing() => Compare(from row in Accesses where row.Signature!.EndsWith(':') select (row, Arguments(row), ""));

    [Theory]
    [InlineData("i32.store8", 1)]
    [InlineData("i32.store16", 2)]
    [InlineData("i32.store", 4)]
    [InlineData("i64.store", 8)]
    [InlineData("v128.store", 16)]
    public void What_was_written_before_a_store_beyond_the_end_stays(string store, int size)
    {
        var zero = store[..store.IndexOf('.', StringComparison.Ordinal)] == "v128" ? "v128.const i64x2 0 0" : store[..3] + ".const 0";
        var fields = $"""
            (func (export "f") (param $p i32)
              (global.set $i (i32.const 1))
              ({store} (local.get $p) ({zero})) ({store} offset={size} (local.get $p) ({zero}))
              (global.set $i (i32.const 2)))
            """;
        foreach (var side in _sides)
        {
            var instance = side.Instantiate(fields);
            var memory = instance.GetMemory("memory");
            memory.Span.Fill(0xFF);

            Assert.Throws<MemoryTrapException>(() => instance.GetFunction<Action<int>>("f")(End - size));

            Assert.Equal([.. Enumerable.Repeat((byte)0xFF, size), .. new byte[size]], memory.Span[^(2 * size)..].ToArray());
            Assert.Equal(1, instance.GetGlobal("i").Get<int>());
        }
    }

    [Fact]
    public void Neighbours_of_a_load_that_succeeded_are_not_taken_for_granted()
    {
        foreach (var side in _sides)
        {
            var function = side.Instantiate("""
                (func (export "f") (param $p i32) (result i32) (local $first i32)
                  (local.set $first (i32.load (local.get $p)))
                  (drop (i32.load offset=4 (local.get $p)))
                  (local.get $first))
                (func (export "constant") (result i32) (local $first i32)
                  (local.set $first (i32.load (i32.const 131068)))
                  (drop (i32.load (i32.const 131072)))
                  (local.get $first))
                """);

            Assert.Equal(0, function.GetFunction<Func<int, int>>("f")(End - 8));
            Assert.Throws<MemoryTrapException>(() => function.GetFunction<Func<int, int>>("f")(End - 4));
            Assert.Throws<MemoryTrapException>(() => function.GetFunction<Func<int>>("constant")());
        }
    }

    private static IEnumerable<InstructionInfo> Accesses =>
        InstructionTable.Rows.Where(row => row.Immediate is Immediate.MemoryArgument or Immediate.MemoryArgumentAndLane && row.Signature![0] == 'a' && !row.Name.Contains("wait", StringComparison.Ordinal));

    private static IEnumerable<InstructionInfo> Loads => Accesses.Where(row => !row.Signature!.EndsWith(':'));

    private static string Arguments(InstructionInfo row) => string.Concat(row.Signature![1..row.Signature!.IndexOf(':', StringComparison.Ordinal)].Select(type => type switch
    {
        'i' => "(i32.const 0x12345678)",
        'l' => "(i64.const 0x123456789ABCDEF0)",
        'f' => "(f32.const 1.5)",
        'd' => "(f64.const 1.5)",
        _ => "(v128.const i32x4 1 2 3 4)",
    }));

    /// <summary>Runs each access at each place, on both sides.</summary>
    private void Compare(IEnumerable<(InstructionInfo Row, string Arguments, string Use)> cases)
    {
        var functions = new StringBuilder();
        var names = new List<(string Name, uint Address)>();
        foreach (var (row, arguments, use) in cases)
        {
            var lane = row.Immediate == Immediate.MemoryArgumentAndLane ? " 0" : "";
            foreach (var offset in Places.Select(place => place.Offset).Distinct())
            {
                var name = $"{row.Name} offset={offset}";
                functions.Append(CultureInfo.InvariantCulture, $"(func (export \"{name}\") (param $p i32) (local $n i32) {Locals} (local.get $p) {arguments} ({row.Name} offset={offset}{lane}) {use})\n");
                names.AddRange(from place in Places where place.Offset == offset select (name, place.Address));
            }
        }

        Assert.NotEmpty(names);
        var instances = Array.ConvertAll(_sides, side => side.Instantiate(functions.ToString()));
        foreach (var (name, address) in names)
            Assert.Equal($"{name} at {address}: {Side.Run(instances[1], name, address)}", $"{name} at {address}: {Side.Run(instances[0], name, address)}");
    }

    private const string Locals = "(local $i i32) (local $l i64) (local $f f32) (local $d f64) (local $v v128)";

    private sealed class Side(BoundsChecks checks)
    {
        private const string Fields = """
            (memory (export "memory") 2)
            (global $one i32 (i32.const 0))
            (global $i (export "i") (mut i32) (i32.const 0)) (global $l (export "l") (mut i64) (i64.const 0))
            (global $f (export "f") (mut f32) (f32.const 0)) (global $d (export "d") (mut f64) (f64.const 0))
            (global $v (export "v") (mut v128) (v128.const i64x2 0 0))
            (func $low_$i (param i32) (result i32) (local.get 0)) (func $low_$l (param i64) (result i32) (i32.wrap_i64 (local.get 0)))
            (func $low_$f (param f32) (result i32) (i32.reinterpret_f32 (local.get 0))) (func $low_$d (param f64) (result i32) (i32.wrap_i64 (i64.reinterpret_f64 (local.get 0))))
            (func $low_$v (param v128) (result i32) (i32x4.extract_lane 0 (local.get 0)))

            """;

        private static readonly string[] Globals = ["i", "l", "g", "d", "v"];

        public Store Store { get; } = new(new Engine(new EngineOptions { BoundsChecks = checks }));

        public Instance Instantiate(string fields) => Fermata.Module.Parse(Store.Engine, Fields.Replace("(export \"f\")", "(export \"g\")", StringComparison.Ordinal) + fields).Instantiate(Store);

        /// <summary>What a call ends with, and what it leaves.</summary>
        public static string Run(Instance instance, string name, uint address)
        {
            var memory = instance.GetMemory("memory");
            for (var i = 0; i < 32; i++)
                memory.Span[^(i + 1)] = (byte)(0xF0 + i);
            memory.Span[..16].Clear();
            var end = "";
            try
            {
                instance.GetFunction(name).Invoke((int)address);
            }
            catch (MemoryTrapException trap)
            {
                end = trap.Message;
            }

            var globals = string.Join(' ', Globals.Select(global => instance.GetGlobal(global).Value.ToString()));
            return $"{end} {globals} {Convert.ToHexString(memory.Span[^32..])} {Convert.ToHexString(memory.Span[..16])}";
        }
    }
}
