using Fermata.Tests.Hosting;

namespace Fermata.Tests.Threads;

/// <summary>What the atomic instructions compute, at an address with an offset.</summary>
public sealed class AtomicTests : IDisposable
{
    private const ulong Before = 0x8877665544332211;

    private static readonly string[] CounterInstructions =
    [
        "(drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))",
        "(drop (i32.atomic.rmw8.add_u (i32.const 8) (i32.const 1)))",
        "(drop (i32.atomic.rmw16.add_u (i32.const 16) (i32.const 1)))",
        "(drop (i64.atomic.rmw.add (i32.const 24) (i64.const 1)))",
        "(drop (i64.atomic.rmw32.add_u (i32.const 32) (i64.const 1)))",
        "(drop (i32.atomic.rmw16.sub_u (i32.const 40) (i32.const 1)))",
        "(drop (i64.atomic.rmw.xor (i32.const 48) (i64.const 1)))",
    ];

    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Theory]
    [InlineData("i32.atomic.load", 0, 0x44332211)]
    [InlineData("i32.atomic.load8_u", 7, 0x88)]
    [InlineData("i32.atomic.load16_u", 6, 0x8877)]
    [InlineData("i64.atomic.load", 0, unchecked((long)Before))]
    [InlineData("i64.atomic.load8_u", 7, 0x88)]
    [InlineData("i64.atomic.load16_u", 6, 0x8877)]
    [InlineData("i64.atomic.load32_u", 4, 0x88776655)]
    public void LoadsAreZeroExtended(string instruction, int address, long expected)
    {
        var (result, after) = Run(instruction, address);
        Assert.Equal(expected, result);
        Assert.Equal(Before, after);
    }

    [Theory]
    [InlineData("i32.atomic.store", 4, 0x8000000000000000ul)]
    [InlineData("i32.atomic.store8", 1, 0x8877665544330011ul)]
    [InlineData("i32.atomic.store16", 6, 0x0000665544332211ul)]
    [InlineData("i64.atomic.store", 0, 0x180000000ul)]
    [InlineData("i64.atomic.store8", 7, 0x0077665544332211ul)]
    [InlineData("i64.atomic.store16", 0, 0x8877665544330000ul)]
    [InlineData("i64.atomic.store32", 0, 0x8877665580000000ul)]
    public void StoresWriteTheLowBytes(string instruction, int address, ulong expected)
    {
        // The upper half of a 64-bit value is 1.
        var expectedAfter = instruction == "i32.atomic.store" ? 0x8000000044332211 : expected;
        Assert.Equal(expectedAfter, Run(instruction, address, 0x180000000).After);
    }

    [Theory]
    [InlineData("i32.atomic.rmw.add", 0, 0xFFFFFFFF, 0x44332211, 0x8877665544332210)]
    [InlineData("i32.atomic.rmw8.add_u", 7, 0x1FF, 0x88, 0x8777665544332211)]
    [InlineData("i32.atomic.rmw16.add_u", 6, 0x18889, 0x8877, 0x1100665544332211)]
    [InlineData("i64.atomic.rmw.add", 0, 0xF000000000000000, unchecked((long)Before), 0x7877665544332211)]
    [InlineData("i64.atomic.rmw8.add_u", 0, 0xFFFFFFFFFFFFFFEF, 0x11, 0x8877665544332200)]
    [InlineData("i64.atomic.rmw16.add_u", 6, 0x8000, 0x8877, 0x0877665544332211)]
    [InlineData("i64.atomic.rmw32.add_u", 4, 0x180000000, 0x88776655, 0x0877665544332211)]
    [InlineData("i32.atomic.rmw.sub", 4, 0x88776656, unchecked((int)0x88776655), 0xFFFFFFFF44332211)]
    [InlineData("i32.atomic.rmw8.sub_u", 0, 0x12, 0x11, 0x88776655443322FF)]
    [InlineData("i32.atomic.rmw16.sub_u", 0, 0x2212, 0x2211, 0x887766554433FFFF)]
    [InlineData("i64.atomic.rmw.sub", 0, 1, unchecked((long)Before), 0x8877665544332210)]
    [InlineData("i64.atomic.rmw8.sub_u", 1, 0x123, 0x22, 0x887766554433FF11)]
    [InlineData("i64.atomic.rmw16.sub_u", 2, 0x4434, 0x4433, 0x88776655FFFF2211)]
    [InlineData("i64.atomic.rmw32.sub_u", 0, 0x44332212, 0x44332211, 0x88776655FFFFFFFF)]
    [InlineData("i32.atomic.rmw.and", 0, 0xFF00FF00, 0x44332211, 0x8877665544002200)]
    [InlineData("i32.atomic.rmw8.and_u", 7, 0xF0, 0x88, 0x8077665544332211)]
    [InlineData("i32.atomic.rmw16.and_u", 6, 0xF000F00F, 0x8877, 0x8007665544332211)]
    [InlineData("i64.atomic.rmw.and", 0, 0xFFFFFFFF, unchecked((long)Before), 0x44332211)]
    [InlineData("i64.atomic.rmw32.and_u", 4, 0, 0x88776655, 0x44332211)]
    [InlineData("i32.atomic.rmw.or", 0, 0x10000001, 0x44332211, 0x8877665554332211)]
    [InlineData("i32.atomic.rmw8.or_u", 7, 0xF7, 0x88, 0xFF77665544332211)]
    [InlineData("i64.atomic.rmw16.or_u", 6, 0x10100, 0x8877, 0x8977665544332211)]
    [InlineData("i64.atomic.rmw.or", 0, 0xF, unchecked((long)Before), 0x887766554433221F)]
    [InlineData("i32.atomic.rmw.xor", 0, 0xFFFFFFFF, 0x44332211, 0x88776655BBCCDDEE)]
    [InlineData("i32.atomic.rmw8.xor_u", 0, 0x111, 0x11, 0x8877665544332200)]
    [InlineData("i64.atomic.rmw16.xor_u", 6, 0xFFFFF, 0x8877, 0x7788665544332211)]
    [InlineData("i64.atomic.rmw.xor", 0, 0x8877665544332211, unchecked((long)Before), 0)]
    [InlineData("i32.atomic.rmw.xchg", 4, 0x80000000, unchecked((int)0x88776655), 0x8000000044332211)]
    [InlineData("i32.atomic.rmw8.xchg_u", 7, 0x1AB, 0x88, 0xAB77665544332211)]
    [InlineData("i32.atomic.rmw16.xchg_u", 6, 0x1ABCD, 0x8877, 0xABCD665544332211)]
    [InlineData("i64.atomic.rmw.xchg", 0, 5, unchecked((long)Before), 5)]
    [InlineData("i64.atomic.rmw32.xchg_u", 4, 0x1ABCD0000, 0x88776655, 0xABCD000044332211)]
    public void ReadModifyWriteWrapsToTheCellAndGivesTheOldValue(string instruction, int address, ulong value, long expected, ulong after) =>
        Assert.Equal((expected, after), Run(instruction, address, value));

    [Theory]
    [InlineData("i32.atomic.rmw.cmpxchg", 0, 0x44332211, 7, 0x44332211, 0x8877665500000007)]
    [InlineData("i32.atomic.rmw.cmpxchg", 0, 0x11, 7, 0x44332211, Before)]
    [InlineData("i32.atomic.rmw8.cmpxchg_u", 7, 0x188, 0x1FF, 0x88, 0xFF77665544332211)]
    [InlineData("i32.atomic.rmw8.cmpxchg_u", 7, 0x89, 0xFF, 0x88, Before)]
    [InlineData("i32.atomic.rmw16.cmpxchg_u", 6, 0xFFFF8877, 1, 0x8877, 0x0001665544332211)]
    [InlineData("i64.atomic.rmw.cmpxchg", 0, Before, 1, unchecked((long)Before), 1)]
    [InlineData("i64.atomic.rmw.cmpxchg", 0, Before - 1, 1, unchecked((long)Before), Before)]
    [InlineData("i64.atomic.rmw8.cmpxchg_u", 0, 0xFFFFFFFFFFFFFF11, 2, 0x11, 0x8877665544332202)]
    [InlineData("i64.atomic.rmw16.cmpxchg_u", 6, 0x8877, 0xFFFFF, 0x8877, 0xFFFF665544332211)]
    [InlineData("i64.atomic.rmw32.cmpxchg_u", 4, 0x188776655, 3, 0x88776655, 0x0000000344332211)]
    public void AnExpectedValueIsWrappedToTheCell(string instruction, int address, ulong expectedValue, ulong value, long expected, ulong after) =>
        Assert.Equal((expected, after), Run(instruction, address, expectedValue, value));

    [Theory]
    [InlineData("", "i32")]
    [InlineData("i64", "i64")]
    public void AddressesAreCheckedBeforeAnythingIsWritten(string memory, string address)
    {
        var instance = _guest.Instantiate(
            $"(memory 0) (memory $m (export \"m\") {memory} 1 1) (func (export \"f\") (param {address}) (result i32) "
            + "(i32.atomic.rmw.add $m offset=2 (local.get 0) (i32.const 1)))");
        var f = instance.GetFunction("f");
        Value At(uint value) => address == "i64" ? Value.FromI64(value) : Value.FromI32((int)value);

        Assert.Equal([0], f.Invoke(At(65530)));
        Assert.Equal([1], f.Invoke(At(65530)));
        AssertTrap(TrapKind.UnalignedAtomic, "unaligned atomic", () => f.Invoke(At(0)));
        AssertTrap(TrapKind.OutOfBoundsMemoryAccess, "out of bounds memory access", () => f.Invoke(At(65534)));
        AssertTrap(TrapKind.OutOfBoundsMemoryAccess, "out of bounds memory access", () => f.Invoke(At(uint.MaxValue - 1)));
        if (address == "i64")
            AssertTrap(TrapKind.OutOfBoundsMemoryAccess, "out of bounds memory access", () => f.Invoke(Value.FromI64(-2)));
        Assert.Equal(2, instance.GetMemory("m").Read<int>(65532));
    }

    [Fact]
    public void AFenceNeedsNoMemory() => _guest.Instantiate("(func $f atomic.fence) (start $f)");

    [Fact]
    public void CountersThatFourThreadsIncrementLoseNothing()
    {
        const int Times = 20_000;
        using var guest = new SharedGuest();
        var program = "(func (export \"run\") (param $n i32) (loop $again " + string.Concat(CounterInstructions)
            + "(br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1))))))";
        var threads = Enumerable.Range(0, 4).Select(_ => guest.Instantiate(program).GetFunction<Action<int>>("run")).ToList();

        SharedGuest.RunOnThreads(threads, run => run(Times));

        Assert.Equal(
            [4 * Times, (4 * Times) & 0xFF, (4 * Times) & 0xFFFF, 4 * Times, 4 * Times, -(4 * Times) & 0xFFFF, 0],
            Enumerable.Range(0, 7).Select(i => guest.Memory.Read<long>(8 * i)));
    }

    private static void AssertTrap(TrapKind kind, string message, Action act)
    {
        var trap = Assert.Throws<MemoryTrapException>(act);
        Assert.Equal(kind, trap.Kind);
        Assert.StartsWith(message, trap.Message, StringComparison.Ordinal);
    }

    /// <summary>Runs an instruction on a cell of eight bytes.</summary>
    private (long? Result, ulong After) Run(string instruction, int address, params ulong[] operands)
    {
        var is64 = instruction.StartsWith("i64", StringComparison.Ordinal);
        var type = is64 ? "i64" : "i32";
        var hasResult = !instruction.Contains("store", StringComparison.Ordinal);
        var instance = _guest.Instantiate(
            $"(memory (export \"m\") 1 1 shared) (func (export \"f\") (param i32 {string.Join(' ', operands.Select(_ => type))}) "
            + (hasResult ? $"(result {type})" : "")
            + $"({instruction} offset=8 (local.get 0) {string.Join(' ', operands.Select((_, i) => $"(local.get {i + 1})"))}))");
        var memory = instance.GetMemory("m");
        memory.Write(8, Before);
        var values = operands.Select(operand => is64 ? Value.FromI64((long)operand) : Value.FromI32((int)operand));
        var results = instance.GetFunction("f").Invoke([Value.FromI32(address), .. values]);
        long? result = !hasResult ? null : is64 ? results[0].AsI64() : results[0].AsI32();
        return (result, memory.Read<ulong>(8));
    }
}
