using Fermata.Binary;
using Fermata.Text;

namespace Fermata.Tests.Text;

public class NameAnnotationTests
{
    [Theory]
    [InlineData("(module (@name \"a b\"))", "a b")]
    [InlineData("(module $m (@name \"a b\") (func))", "a b")]
    [InlineData("(@name \"a b\") (func)", "a b")]
    [InlineData("(module $m)", "m")]
    public void A_module_has_the_name(string text, string expected) => Assert.Equal(expected, Names(text).ModuleName);

    [Theory]
    [InlineData("(func (@name \"x y\"))", NameSubsection.Function)]
    [InlineData("(func $f (@name \"x y\") (param i32) (local i32) nop)", NameSubsection.Function)]
    [InlineData("(import \"\" \"\" (func (@name \"x y\") (param i32)))", NameSubsection.Function)]
    [InlineData("(func (@name \"x y\") (export \"e\"))", NameSubsection.Function)]
    [InlineData("(type $t (@name \"x y\") (func))", NameSubsection.Type)]
    [InlineData("(rec (type (@name \"x y\") (struct)))", NameSubsection.Type)]
    [InlineData("(table (@name \"x y\") 1 funcref)", NameSubsection.Table)]
    [InlineData("(memory (@name \"x y\") 1)", NameSubsection.Memory)]
    [InlineData("(global $g (@name \"x y\") i32 i32.const 0)", NameSubsection.Global)]
    [InlineData("(elem (@name \"x y\") func)", NameSubsection.Element)]
    [InlineData("(elem (@name \"x y\") declare func)", NameSubsection.Element)]
    [InlineData("(data (@name \"x y\") \"\")", NameSubsection.Data)]
    [InlineData("(tag (@name \"x y\"))", NameSubsection.Tag)]
    [InlineData("(tag $t (@name \"x y\") (import \"\" \"\"))", NameSubsection.Tag)]
    internal void A_definition_has_the_name(string text, NameSubsection kind) => Assert.Equal("x y", Names(text).Find(kind, 0));

    [Theory]
    [InlineData("(func (param i32) (param (@name \"x y\") i32))", NameSubsection.Local)]
    [InlineData("(func (param $a i32) (param $b (@name \"x y\") i32))", NameSubsection.Local)]
    [InlineData("(import \"\" \"\" (func (param i32) (param (@name \"x y\") i32)))", NameSubsection.Local)]
    [InlineData("(func (local i32) (local (@name \"x y\") i64) local.get 1 drop)", NameSubsection.Local)]
    [InlineData("(func block end block (@name \"x y\") end)", NameSubsection.Label)]
    [InlineData("(func (block (loop $l (@name \"x y\") (br $l))))", NameSubsection.Label)]
    [InlineData("(func (block (if (@name \"x y\") (i32.const 0) (then))))", NameSubsection.Label)]
    [InlineData("(type (struct (field i32) (field (@name \"x y\") i32)))", NameSubsection.Field)]
    internal void A_part_of_a_definition_has_the_name(string text, NameSubsection kind) => Assert.Equal("x y", Names(text).Find(kind, 0, 1));

    [Fact]
    public void An_identifier_keeps_its_meaning_beside_the_name() =>
        Assert.Equal("1000", Assembling.Code("(func $f (@name \"$g\") (call $f)) (func $g)"));

    [Theory]
    [InlineData("(module (@name \"a\") (@name \"b\"))", "@name annotation: multiple module names", 1, 21)]
    [InlineData("(func (param (@name \"a\") (@name \"b\") i32))", "@name annotation: multiple local names", 1, 26)]
    [InlineData("(func (@name))", "@name annotation: string expected", 1, 7)]
    [InlineData("(func (@name x))", "@name annotation: string expected", 1, 7)]
    [InlineData("(func (@name \"x\" \"y\"))", "@name annotation: unexpected token", 1, 18)]
    [InlineData("(func (@name \"\\ff\"))", "@name annotation: malformed UTF-8 encoding", 1, 14)]
    [InlineData("(func (nop (@name \"x\")))", "misplaced @name annotation", 1, 12)]
    [InlineData("(func (param (@name \"x\") i32 i32))", "unexpected token i32", 1, 30)]
    [InlineData("(export \"e\" (@name \"x\") (func 0)) (func)", "misplaced @name annotation", 1, 13)]
    public void A_wrong_annotation_is_refused(string text, string problem, int line, int column) =>
        Assembling.AssertMalformed(text, problem, line, column);

    private static NameSection Names(string text) => ModuleDecoder.Decode(TextModule.Assemble(text).Binary).Names;
}
