using Fermata.Runtime;

namespace Fermata.Tests.Execution;

public class TrapExceptionTests
{
    public static TheoryData<Action, TrapKind, string> Traps => new()
    {
        { Trap.Unreachable, TrapKind.Unreachable, "unreachable" },
        { Trap.OutOfBoundsMemoryAccess, TrapKind.OutOfBoundsMemoryAccess, "out of bounds memory access" },
        { Trap.OutOfBoundsTableAccess, TrapKind.OutOfBoundsTableAccess, "out of bounds table access" },
        { () => throw TrapException.Create(TrapKind.IndirectCallTypeMismatch), TrapKind.IndirectCallTypeMismatch, "indirect call type mismatch" },
        { () => throw TrapException.Create(TrapKind.UndefinedElement), TrapKind.UndefinedElement, "undefined element" },
        { () => throw TrapException.Create(TrapKind.UninitializedElement), TrapKind.UninitializedElement, "uninitialized element" },
        { Trap.IntegerDivideByZero, TrapKind.IntegerDivideByZero, "integer divide by zero" },
        { Trap.IntegerOverflow, TrapKind.IntegerOverflow, "integer overflow" },
        { () => throw TrapException.Create(TrapKind.InvalidConversionToInteger), TrapKind.InvalidConversionToInteger, "invalid conversion to integer" },
        { Trap.StackExhausted, TrapKind.StackExhausted, "call stack exhausted" },
        { Trap.NullFunctionReference, TrapKind.NullFunctionReference, "null function reference" },
        { Trap.NullReference, TrapKind.NullReference, "null reference" },
        { Trap.NullStructureReference, TrapKind.NullStructureReference, "null structure reference" },
        { Trap.NullArrayReference, TrapKind.NullArrayReference, "null array reference" },
        { Trap.NullI31Reference, TrapKind.NullI31Reference, "null i31 reference" },
        { () => throw TrapException.Create(TrapKind.NullExceptionReference), TrapKind.NullExceptionReference, "null exception reference" },
        { () => throw TrapException.Create(TrapKind.CastFailure), TrapKind.CastFailure, "cast failure" },
        { Trap.OutOfBoundsArrayAccess, TrapKind.OutOfBoundsArrayAccess, "out of bounds array access" },
    };

    [Theory]
    [MemberData(nameof(Traps), DisableDiscoveryEnumeration = true)]
    public void Each_trap_has_its_kind_and_the_wording_of_the_specification(Action trap, TrapKind kind, string message)
    {
        var exception = Assert.ThrowsAny<TrapException>(trap);

        Assert.Equal(kind, exception.Kind);
        Assert.Equal(message, exception.Message);
        Assert.Empty(exception.WasmStack);
    }

    [Fact]
    public void Every_kind_has_a_wording() =>
        Assert.All(Enum.GetValues<TrapKind>(), kind => Assert.NotEmpty(TrapException.Create(kind).Message));

    [Theory]
    [InlineData(TrapKind.IntegerOverflow, typeof(ArithmeticTrapException))]
    [InlineData(TrapKind.OutOfBoundsMemoryAccess, typeof(MemoryTrapException))]
    [InlineData(TrapKind.IndirectCallTypeMismatch, typeof(TableTrapException))]
    [InlineData(TrapKind.CastFailure, typeof(ReferenceTrapException))]
    [InlineData(TrapKind.StackExhausted, typeof(StackExhaustedException))]
    [InlineData(TrapKind.Unreachable, typeof(TrapException))]
    public void A_family_of_traps_can_be_caught_by_its_type(TrapKind kind, Type type) =>
        Assert.IsType(type, TrapException.Create(kind));

    [Fact]
    public void The_message_starts_with_the_wording_and_goes_on_with_the_stack()
    {
        var trap = TrapException.Create(TrapKind.Unreachable);
        trap.AppendFrames([new("game", 4, "update"), new(null, 2, "main"), new("game", 0, null)]);

        Assert.Equal("unreachable\n  at game!update\n  at main\n  at game!func[0]", trap.Message);
    }

    [Fact]
    public void The_message_of_a_very_deep_stack_is_short()
    {
        var trap = TrapException.Create(TrapKind.StackExhausted);
        trap.AppendFrames([.. Enumerable.Range(0, 10_000).Select(i => new WasmFrame(null, i, null))]);

        string[] lines = trap.Message.Split('\n');
        Assert.Equal(1 + 20 + 1 + 10, lines.Length);
        Assert.Equal("  at func[19]", lines[20]);
        Assert.Equal("  ... 9970 more", lines[21]);
        Assert.Equal("  at func[9990]", lines[22]);
        Assert.Equal("  at func[9999]", lines[31]);
    }

    [Fact]
    public void A_name_from_a_module_cannot_break_the_lines_of_a_message()
    {
        var frame = new WasmFrame("a\nb", 0, "f\u202e" + new string('x', 1_000_000));

        Assert.StartsWith("a\\u{a}b!f\\u{202e}xxx", frame.ToString(), StringComparison.Ordinal);
        Assert.True(frame.ToString().Length < 300);
    }
}
