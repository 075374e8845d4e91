namespace Fermata.Tests.Validation;

/// <summary>Errors of validation call things by the names that the module gives them.</summary>
public class ErrorNameTests
{
    private const string Definitions = """
        (type $point (struct (field $x i32)))
        (type $list (array i32))
        (type $f (func))
        (global $limit i32 (i32.const 0))
        (func $other)
        """;

    [Theory]
    [InlineData("(func $f (param i32) (local $p (ref $point)) (drop (local.get $p)))", "uninitialized local 1 \"p\"")]
    [InlineData("(func $f (global.set $limit (i32.const 1)))", "immutable global 0 \"limit\"")]
    [InlineData("(func $f (struct.set $point $x (struct.new $point (i32.const 1)) (i32.const 1)))", "immutable field 0 \"x\"")]
    [InlineData("(func $f (array.set $list (array.new_default $list (i32.const 1)) (i32.const 0) (i32.const 1)))", "immutable array type 1 \"list\"")]
    [InlineData("(func $f (drop (struct.new $f)))", "non-structure type 2 \"f\"")]
    [InlineData("(func $f (drop (array.len (struct.new $point (i32.const 1)))))", "type mismatch: instruction requires [arrayref] but stack has [(ref 0 \"point\")]")]
    [InlineData("(func $f (drop (ref.func $other)))", "undeclared function reference 0 \"other\"")]
    public void A_thing_has_its_index_and_its_name(string function, string problem)
    {
        var error = Refuse(Definitions + function);

        Assert.StartsWith(problem, error.Problem, StringComparison.Ordinal);
        Assert.Equal("function 1 \"f\"", error.Function);
        Assert.EndsWith(" in function 1 \"f\")", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Line);
    }

    [Fact]
    public void Without_a_name_there_is_the_index()
    {
        var error = Refuse("(func (local (ref func)) (drop (local.get 0)))");

        Assert.Equal("uninitialized local 0", error.Problem);
        Assert.Equal("function 0", error.Function);
        Assert.Equal("uninitialized local 0 (at line 1, column 33 in function 0)", error.Message);
    }

    [Fact]
    public void Outside_of_functions_none_is_named() => Assert.Null(Refuse("(func) (global i32 (i64.const 0))").Function);

    [Fact]
    public void A_hostile_name_is_shown_in_part_and_without_control_characters()
    {
        var error = Refuse($"(func $\"\\1b[2J{new string('x', 1000)}\" (result i32))");

        Assert.StartsWith("function 0 \"\\u{1b}[2Jxxx", error.Function, StringComparison.Ordinal);
        Assert.InRange(error.Function!.Length, 100, 300);
    }

    private static InvalidModuleException Refuse(string text) =>
        Assert.Throws<InvalidModuleException>(() => Fermata.Module.Parse(new Engine(), text));
}
