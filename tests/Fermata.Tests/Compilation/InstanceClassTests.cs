using Fermata.Tests.Hosting;

namespace Fermata.Tests.Compilation;

public sealed class InstanceClassTests : IDisposable
{
    private readonly Guest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void Types_beyond_those_that_have_fields_are_checked_as_well()
    {
        var types = Enumerable.Range(0, 1_100).Select(i => $"(type $t{i} (func {Bits(i)} (result i32)))");
        var instance = _guest.Instantiate($"""
            {string.Concat(types)}
            (table 1 1 funcref)
            (elem (i32.const 0) $f)
            (func $f (type $t1099) (i32.const 5))
            (func (export "call") (result i32) (call_indirect (type $t1099) {Zeros(1099)} (i32.const 0)))
            (func (export "call-other") (result i32) (call_indirect (type $t1098) {Zeros(1098)} (i32.const 0)))
            (func (export "test") (result i32) (ref.test (ref $t1099) (table.get (i32.const 0))))
            (func (export "test-other") (result i32) (ref.test (ref $t1098) (table.get (i32.const 0))))
            """);

        Assert.Equal([5], instance.GetFunction("call").Invoke());
        Assert.Equal([1], instance.GetFunction("test").Invoke());
        Assert.Equal([0], instance.GetFunction("test-other").Invoke());
        var trap = Assert.Throws<TableTrapException>(() => instance.GetFunction("call-other").Invoke());
        Assert.Equal(TrapKind.IndirectCallTypeMismatch, trap.Kind);
        Assert.StartsWith("indirect call type mismatch (expected type 1098 \"t1098\" ", trap.Message, StringComparison.Ordinal);
    }

    /// <summary>Parameters that write a number in the binary system, so that each function type is another.</summary>
    private static string Bits(int number) =>
        $"(param{string.Concat(Enumerable.Range(0, 11).Select(bit => IsSet(number, bit) ? " i64" : " i32"))})";

    private static string Zeros(int number) =>
        string.Concat(Enumerable.Range(0, 11).Select(bit => IsSet(number, bit) ? "(i64.const 0)" : "(i32.const 0)"));

    private static bool IsSet(int number, int bit) => (number >> bit & 1) != 0;
}
