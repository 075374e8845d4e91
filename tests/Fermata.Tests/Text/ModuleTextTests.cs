using Fermata.Text;

namespace Fermata.Tests.Text;

public class ModuleTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("(module)")]
    [InlineData(" ;; nothing\n(module $m (@custom \"x\"))")]
    public void A_module_may_be_empty(string text) =>
        Assert.Equal("0061736d01000000", Convert.ToHexStringLower(TextModule.Assemble(text).Binary.AsSpan(0, 8)));

    [Fact]
    public void A_function_is_assembled_to_these_bytes()
    {
        const string text = """
            (module
              (func (export "add") (param i32 i32) (result i32)
                (i32.add (local.get 0) (local.get 1))))
            """;

        Assert.Equal(
            "0061736d01000000" + "010701" + "60027f7f017f" + "030201" + "00" + "070701" + "0361646400" + "00"
            + "0a0901" + "0700" + "20002001" + "6a0b",
            Convert.ToHexStringLower(TextModule.Assemble(text).Binary));
    }

    [Fact]
    public void The_wrapper_may_be_omitted() =>
        Assert.Equal(TextModule.Assemble("(module (memory 1) (func))").Binary, TextModule.Assemble("(memory 1) (func)").Binary);

    [Theory]
    [InlineData("(type (func (param i32 i64) (result f32 f64)))", "01" + "60027f7e027d7c")]
    [InlineData("(type $f (func (param $x i32) (param i32 i32)))", "01" + "60037f7f7f00")]
    [InlineData("(type (func)) (func) (func (result i32)) (func (result i32))", "02" + "600000" + "6000017f")]
    [InlineData("(func (result i32)) (type (func))", "02" + "600000" + "6000017f")]
    [InlineData("(type (struct (field i8 (mut i16)) (field $x (mut i32))))", "01" + "5f0378007701" + "7f01")]
    [InlineData("(type (array (mut (ref null 0))))", "01" + "5e630001")]
    [InlineData("(type (sub (func)))", "01" + "5000600000")]
    [InlineData("(type (sub final (func)))", "01" + "600000")]
    [InlineData("(type $a (sub (func))) (type (sub final $a (func)))", "02" + "5000600000" + "4f0100600000")]
    [InlineData("(rec (type $a (struct (field (ref $b)))) (type $b (array (ref $a))))", "01" + "4e02" + "5f01640100" + "5e640000")]
    [InlineData("(type (sub (func))) (func)", "02" + "5000600000" + "600000")]
    [InlineData("(rec (type (func))) (func)", "01" + "4e01600000")]
    [InlineData("(rec (type (func)) (type (struct))) (func)", "02" + "4e02600000" + "5f00" + "600000")]
    [InlineData(
        "(type (func (param funcref externref anyref (ref func) (ref null eq) (ref i31) (ref null none))))",
        "01" + "6007706f6e64706d646c7100")]
    public void Types_are_encoded(string text, string expected) => Assert.Equal(expected, Assembling.Section(text, 1));

    [Theory]
    [InlineData("(import \"a\" \"b\" (func (param i32)))", "01" + "01610162" + "0000")]
    [InlineData("(func $f (export \"x\") (import \"a\" \"b\") (param i32))", "01" + "01610162" + "0000")]
    [InlineData("(import \"\" \"é\" (table 1 2 funcref))", "01" + "0002c3a9" + "0170010102")]
    [InlineData("(memory (import \"\" \"\") i64 1)", "01" + "0000" + "020401")]
    [InlineData("(import \"\" \"\" (global (mut i64)))", "01" + "0000" + "037e01")]
    [InlineData("(import \"\" \"\" (tag (param i32)))", "01" + "0000" + "040000")]
    public void Imports_are_encoded(string text, string expected) => Assert.Equal(expected, Assembling.Section(text, 2));

    [Theory]
    [InlineData("(func (export \"a\") (export \"b\"))", "02" + "01610000" + "01620000")]
    [InlineData("(global $g i32 i32.const 0) (export \"g\" (global $g)) (memory (export \"m\") 1)", "02" + "01670300" + "016d0200")]
    public void Exports_are_encoded(string text, string expected) => Assert.Equal(expected, Assembling.Section(text, 7));

    [Theory]
    [InlineData("(table 1 funcref)", "01" + "700001")]
    [InlineData("(table i64 1 2 externref)", "01" + "6f050102")]
    [InlineData("(table funcref (elem 0 0 0)) (func)", "01" + "70010303")]
    [InlineData("(table 1 (ref func) (ref.func 0)) (func)", "01" + "4000" + "6470" + "0001" + "d2000b")]
    public void Tables_are_encoded(string text, string expected) => Assert.Equal(expected, Assembling.Section(text, 4));

    [Theory]
    [InlineData("(memory 1)", "01" + "0001")]
    [InlineData("(memory 1 2 shared)", "01" + "030102")]
    [InlineData("(memory i32 0)", "01" + "0000")]
    [InlineData("(memory i64 0 0x1_0000_0000)", "01" + "05008080808010")]
    [InlineData("(memory (data \"a\" \"b\"))", "01" + "010101")]
    [InlineData("(memory (data))", "01" + "010000")]
    public void Memories_are_encoded(string text, string expected) => Assert.Equal(expected, Assembling.Section(text, 5));

    [Theory]
    [InlineData("(elem (i32.const 1) $f)", "00" + "41010b" + "0100")]
    [InlineData("(elem (offset i32.const 1) func $f $f)", "00" + "41010b" + "020000")]
    [InlineData("(elem func $f)", "01" + "00" + "0100")]
    [InlineData("(elem (table $u) (i32.const 0) func $f)", "02" + "01" + "41000b" + "00" + "0100")]
    [InlineData("(elem declare func $f)", "03" + "00" + "0100")]
    [InlineData("(elem (i32.const 0) funcref (ref.func $f) (item ref.null func))", "04" + "41000b" + "02" + "d2000b" + "d0700b")]
    [InlineData("(elem $e (ref func) (ref.func $f))", "05" + "6470" + "01" + "d2000b")]
    [InlineData("(elem (table $u) (i32.const 0) externref)", "06" + "01" + "41000b" + "6f" + "00")]
    [InlineData("(elem (table 0) (i32.const 0) (ref func) (ref.func 0))", "06" + "00" + "41000b" + "6470" + "01" + "d2000b")]
    [InlineData("(elem declare funcref)", "07" + "70" + "00")]
    public void Element_segments_are_encoded(string text, string expected) =>
        Assert.Equal("01" + expected, Assembling.Section("(func $f) (table 0 funcref) (table $u 0 externref)" + text, 9));

    [Theory]
    [InlineData("(data \"a\\00\" \"b\")", "01" + "03610062")]
    [InlineData("(data (i32.const 1))", "00" + "41010b" + "00")]
    [InlineData("(data (memory $n) (offset i64.const 1 nop) \"x\")", "02" + "01" + "4201010b" + "0178")]
    public void Data_segments_are_encoded(string text, string expected) =>
        Assert.Equal("01" + expected, Assembling.Section("(memory 0) (memory $n i64 0)" + text, 11));

    [Theory]
    [InlineData("(func (data.drop 0)) (data \"a\") (data \"b\")", "02")]
    [InlineData("(func (memory.init 0))", "00")]
    [InlineData("(func) (data \"a\")", null)]
    public void Data_are_counted_where_code_needs_it(string text, string? expected) => Assert.Equal(expected, Assembling.Section(text, 12));

    [Fact]
    public void Locals_of_one_type_are_counted_together() =>
        Assert.Equal(
            "01" + "08" + "03" + "027f" + "017e" + "017f" + "0b",
            Assembling.Section("(func (local i32) (local $a i32) (local i64 i32))", 10));

    [Fact]
    public void Names_may_be_used_before_they_are_bound() =>
        Assert.Equal("1001", Assembling.Code("(func call $late) (start $late) (func $late)"));

    [Fact]
    public void Quoted_identifiers_are_the_same_as_plain_ones() =>
        Assert.Equal("2000", Assembling.Code("(func (param $\"a\" i32) local.get $\"\\61\")"));

    [Fact]
    public void A_named_local_comes_after_the_parameters_of_a_named_type() =>
        Assert.Equal("2002", Assembling.Code("(type $t (func (param i32 i32))) (func (type $t) (local $x i32) local.get $x)"));

    [Theory]
    [InlineData("(func (type 0) (local $x i32) local.get $x) (func (param i32 i64))", "2002")]
    [InlineData("(func (type 2) (local $x i32) local.get $x) (func (result i32) unreachable) (func block (param i32) unreachable end)", "2001")]
    [InlineData("(func (type 0) (param $x i32) (local $y i32) local.get $y) (func (param i32))", "2001")]
    public void A_type_may_come_from_a_later_use(string text, string expected) => Assert.Equal(expected, Assembling.Code(text));

    [Fact]
    public void A_text_that_is_read_twice_has_each_type_and_name_once()
    {
        const string text = "(module $m (@custom \"c\") (func $f (type 0) (local $x i32)) (func $g (param i64)) (func (result i64) i64.const 0))";
        var module = Fermata.Binary.ModuleDecoder.Decode(TextModule.Assemble(text).Binary);

        Assert.Equal(["(func (param i64))", "(func (result i64))"], module.Types.Select(type => type.Composite.ToString()));
        Assert.Equal([0, 0, 1], module.Functions.Select(function => function.TypeIndex));
        Assert.Equal(["name", "c"], module.CustomSections.Select(section => section.Name));
        Assert.Equal("x", module.Names.Find(Fermata.Binary.NameSubsection.Local, 0, 1));
    }

    [Fact]
    public void Identifiers_become_names() =>
        Assert.Equal(
            "046e616d65" + "0002" + "016d" + "0104" + "01000166" + "0209" + "0100" + "02" + "000170" + "01016c"
            + "0306" + "0100" + "01" + "010162" + "0704" + "01000167",
            Assembling.Section(
                "(module $m (func $f (param $p i32) (local $l i32) block block $b end end) (global $g i32 i32.const 0))", 0));

    [Fact]
    public void A_place_in_the_binary_leads_back_to_the_text()
    {
        const string text = "(module\n  (func\n    nop\n    (i32.add\n      (nop) (nop))))";
        var (binary, map) = TextModule.Assemble(text);
        var body = Fermata.Binary.ModuleDecoder.Decode(binary).Functions[0].Body!.Code.Offset;

        Assert.Equal((3, 5), map.Locate(body));
        Assert.Equal((5, 8), map.Locate(body + 1));
        Assert.Equal((5, 14), map.Locate(body + 2));
        Assert.Equal((4, 6), map.Locate(body + 3));
        Assert.Equal((5, 19), map.Locate(body + 4));
        Assert.Equal((1, 1), map.Locate(0));
    }

    [Fact]
    public void An_invalid_module_of_text_has_a_line_and_a_column()
    {
        var (binary, map) = TextModule.Assemble("(module\n  (func (result i32)\n    (i64.const 0)))");
        var error = Assert.Throws<InvalidModuleException>(
            () => Fermata.Validation.ModuleValidator.Validate(Fermata.Binary.ModuleDecoder.Decode(binary), new Fermata.Validation.TypeRegistry()));

        var translated = map.Translate(error);

        Assert.IsType<InvalidModuleException>(translated);
        Assert.StartsWith("type mismatch", translated.Problem, StringComparison.Ordinal);
        Assert.Equal((3, 18), (translated.Line, translated.Column));
        Assert.Null(translated.Offset);
    }
}
