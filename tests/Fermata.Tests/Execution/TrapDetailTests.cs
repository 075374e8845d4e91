namespace Fermata.Tests.Execution;

/// <summary>A trap that is about a type names it.</summary>
public class TrapDetailTests
{
    private const string Guest = """
        (type $point (struct (field i32)))
        (type $line (struct (field i64)))
        (type $binary (func (param i32 i32) (result i32)))
        (type $open (sub (func (result i64))))
        (func $nothing)
        (table funcref (elem $nothing))
        (func (export "call") (call_indirect (type $binary) (i32.const 1) (i32.const 2) (i32.const 0)) drop)
        (func (export "call open") (call_indirect (type $open) (i32.const 0)) drop)
        (func (export "cast") (drop (ref.cast (ref $line) (struct.new $point (i32.const 1)))))
        (func (export "cast to null") (drop (ref.cast (ref null i31) (struct.new $point (i32.const 1)))))
        (func (export "cast unnamed") (drop (ref.cast (ref 4) (struct.new $point (i32.const 1)))))
        (type (array i8))
        """;

    [Theory]
    [InlineData("call", "indirect call type mismatch (expected type 2 \"binary\" (func (param i32 i32) (result i32)), found \"nothing\", type 5 (func))")]
    [InlineData("call open", "indirect call type mismatch (expected type 3 \"open\" (func (result i64)), found \"nothing\", type 5 (func))")]
    [InlineData("cast", "cast failure (expected a reference to type 1 \"line\" (struct))")]
    [InlineData("cast to null", "cast failure (expected a reference to i31 or null)")]
    [InlineData("cast unnamed", "cast failure (expected a reference to type 4 (array))")]
    public void The_type_that_was_expected_is_named(string export, string message)
    {
        var engine = new Engine();
        using var store = new Store(engine);
        var instance = new Linker(engine).Instantiate(store, Fermata.Module.Parse(engine, Guest));

        var trap = Assert.ThrowsAny<TrapException>(() => instance.GetFunction(export).Invoke());

        Assert.Equal(message, trap.Message.Split('\n')[0]);
    }
}
