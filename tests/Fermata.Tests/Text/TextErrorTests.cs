using Fermata.Text;

namespace Fermata.Tests.Text;

public class TextErrorTests
{
    [Theory]
    [InlineData("(module", "unexpected token: the text ends here", 1, 8)]
    [InlineData("(module) x", "unknown operator x", 1, 10)]
    [InlineData("(module) (module)", "unexpected token (", 1, 10)]
    [InlineData("(func))", "unexpected token )", 1, 7)]
    [InlineData("(module (frob))", "unknown operator frob", 1, 10)]
    [InlineData("(module (param))", "unexpected token param", 1, 10)]
    [InlineData("(func (i32.cons 0))", "unknown operator i32.cons", 1, 8)]
    [InlineData("(func (i32.const 0x))", "unknown operator 0x", 1, 18)]
    [InlineData("(func (i32.const $a))", "unexpected token $a", 1, 18)]
    [InlineData("(func (i32.const 1.0))", "unexpected token 1.0", 1, 18)]
    [InlineData("(func (i32.const))", "unexpected token )", 1, 17)]
    [InlineData("(func (i32.const 4294967296))", "constant out of range", 1, 18)]
    [InlineData("(func (f32.const 1e99))", "constant out of range", 1, 18)]
    [InlineData("(func\n  (br $a))", "unknown label $a", 2, 7)]
    [InlineData("(func block $a end (br $a))", "unknown label $a", 1, 24)]
    [InlineData("(func (call $f))", "unknown function $f", 1, 13)]
    [InlineData("(func (local.get $x))", "unknown local $x", 1, 18)]
    [InlineData("(global $g i32 (local.get $x))", "unknown local $x", 1, 27)]
    [InlineData("(func (global.get $x))", "unknown global $x", 1, 19)]
    [InlineData("(func (type $t))", "unknown type $t", 1, 13)]
    [InlineData("(func (type 4) (local $x i32))", "unknown type 4", 1, 23)]
    [InlineData("(func (type 1) (param i32))", "unknown type 1", 1, 7)]
    [InlineData("(func (type 1) (param i32)) (func (param i64)) (func (param f32))", "inline function type differs", 1, 7)]
    [InlineData("(func (type 2) (local $x i32)) (func (param i32)) (func)", "unknown type 2", 1, 23)]
    [InlineData("(func (throw $t))", "unknown tag $t", 1, 14)]
    [InlineData("(type (struct)) (func (struct.get 0 $x))", "unknown field $x", 1, 37)]
    [InlineData("(func $f) (func $f)", "duplicate func $f", 1, 17)]
    [InlineData("(func $f) (func $\"f\")", "duplicate func $\"f\"", 1, 17)]
    [InlineData("(func (param $a i32) (local $a i32))", "duplicate local $a", 1, 29)]
    [InlineData("(type (struct (field $a i32) (field $a i32)))", "duplicate field $a", 1, 37)]
    [InlineData("(memory $a 1) (memory $a 1)", "duplicate memory $a", 1, 23)]
    [InlineData("(func block $a end $b)", "mismatching label $b", 1, 20)]
    [InlineData("(func block end $b)", "mismatching label $b", 1, 17)]
    [InlineData("(func end)", "unexpected token end", 1, 7)]
    [InlineData("(func else)", "unexpected token else", 1, 7)]
    [InlineData("(func block else end)", "unexpected token else", 1, 13)]
    [InlineData("(func block)", "unexpected token )", 1, 12)]
    [InlineData("(func (block)", "unexpected token: the text ends here", 1, 14)]
    [InlineData("(func (block end))", "unexpected token end", 1, 14)]
    [InlineData("(func (if (i32.const 0)))", "unexpected token )", 1, 24)]
    [InlineData("(func (if (then) (nop)))", "unexpected token nop", 1, 19)]
    [InlineData("(func (if (then) (else) (else)))", "unexpected token else", 1, 26)]
    [InlineData("(func (then))", "unexpected token then", 1, 8)]
    [InlineData("(func (i32.add nop))", "unexpected token nop", 1, 16)]
    [InlineData("(func (i32.load align=3 (i32.const 0)))", "alignment must be a power of two", 1, 17)]
    [InlineData("(func (i32.load offset=x (i32.const 0)))", "unknown operator offset=x", 1, 17)]
    [InlineData("(func (i32.load offset=0x1_0000_0000_0000_0000 (i32.const 0)))", "i64 constant out of range", 1, 17)]
    [InlineData("(func (call 4294967296))", "i32 constant out of range", 1, 13)]
    [InlineData("(type (func)) (func (type 0) (param i32))", "inline function type", 1, 21)]
    [InlineData("(func (block (param $x i32)))", "unexpected token $x", 1, 21)]
    [InlineData("(func (result i32) (param i32))", "unexpected token param", 1, 21)]
    [InlineData("(func (param anyfunc))", "unknown operator anyfunc", 1, 14)]
    [InlineData("(func (param i8))", "unexpected token i8", 1, 14)]
    [InlineData("(table 1 i32)", "unexpected token i32", 1, 10)]
    [InlineData("(func) (import \"\" \"\" (func))", "import after function", 1, 8)]
    [InlineData("(memory 1) (func (import \"\" \"\"))", "import after memory", 1, 12)]
    [InlineData("(import \"\" \"\" (type 0))", "unexpected token type", 1, 16)]
    [InlineData("(import \"\\ff\" \"\" (func))", "malformed UTF-8 encoding", 1, 9)]
    [InlineData("(func $f) (start $f)\n(start $f)", "multiple start sections", 2, 1)]
    [InlineData("(export \"a\" (type 0))", "unexpected token type", 1, 14)]
    public void An_error_has_its_place(string text, string problem, int line, int column) =>
        Assembling.AssertMalformed(text, problem, line, column);

    [Fact]
    public void Long_tokens_are_shown_in_part()
    {
        var error = Assert.Throws<MalformedModuleException>(() => TextModule.Assemble(new string('x', 1_000_000)));

        Assert.InRange(error.Message.Length, 20, 200);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(func (block ")]
    [InlineData("(func (i32.add ")]
    [InlineData("(@a (")]
    [InlineData("(type (func (param (ref ")]
    [InlineData("(;")]
    public void Unclosed_forms_without_end_are_malformed(string form) =>
        Assert.Throws<MalformedModuleException>(() => TextModule.Assemble(string.Concat(Enumerable.Repeat(form, 100_000))));
}
