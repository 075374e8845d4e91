using Fermata.Text;

namespace Fermata.Tests.Text;

/// <summary>The abbreviations of section 6 "Text Format", rule by rule: what is short means the same as what is long.</summary>
public class AbbreviationTests
{
    [Theory]
    [InlineData("(type (func (param i32 i64) (result i32 f32)))", "(type (func (param i32) (param i64) (result i32) (result f32)))")]
    [InlineData("(type (func (param) (result)))", "(type (func))")]
    [InlineData("(type (struct (field i32 (mut i8)) (field)))", "(type (struct (field i32) (field (mut i8))))")]
    [InlineData("(type (func))", "(type (sub final (func)))")]
    [InlineData("(type (array i8)) (rec)", "(type (sub final (array i8))) (rec)")]
    [InlineData(
        "(type (func (param anyref eqref i31ref structref arrayref nullref funcref nullfuncref externref nullexternref exnref nullexnref)))",
        "(type (func (param (ref null any) (ref null eq) (ref null i31) (ref null struct) (ref null array) (ref null none)"
        + " (ref null func) (ref null nofunc) (ref null extern) (ref null noextern) (ref null exn) (ref null noexn))))")]
    [InlineData("(memory 1) (table 1 funcref)", "(memory i32 1) (table i32 1 funcref)")]
    public void Types(string shorter, string longer) => AssertSame(shorter, longer);

    [Theory]
    [InlineData("(func (param i32))", "(func (type 0)) (type (func (param i32)))")]
    [InlineData("(func (param i32))", "(func (type 0) (param i32)) (type (func (param i32)))")]
    [InlineData("(import \"\" \"\" (func (param i32)))", "(import \"\" \"\" (func (type 0))) (type (func (param i32)))")]
    [InlineData("(tag (param i32))", "(tag (type 0)) (type (func (param i32)))")]
    [InlineData("(func block (param i32) (result i32 i32) unreachable end)", "(type (func)) (type (func (param i32) (result i32 i32))) (func (type 0) block (type 1) unreachable end)")]
    [InlineData("(table 1 funcref) (func call_indirect)", "(table 1 funcref) (func call_indirect 0 (type 0)) (type (func))")]
    [InlineData("(func (local i32 i64))", "(func (local i32) (local $x i64))")]
    [InlineData("(func (local) (local i32))", "(func (local i32))")]
    public void Type_uses(string shorter, string longer) => AssertSame(shorter, longer);

    [Theory]
    [InlineData("(func $f (export \"a\") (export \"b\"))", "(func $f) (export \"a\" (func $f)) (export \"b\" (func $f))")]
    [InlineData("(func (export \"a\") (import \"m\" \"n\") (result i32))", "(import \"m\" \"n\" (func $f (result i32))) (export \"a\" (func $f))")]
    [InlineData("(table (export \"a\") (import \"m\" \"n\") i64 1 2 funcref)", "(import \"m\" \"n\" (table $f i64 1 2 funcref)) (export \"a\" (table $f))")]
    [InlineData("(memory $m (export \"a\") (import \"m\" \"n\") 1)", "(import \"m\" \"n\" (memory $f 1)) (export \"a\" (memory $f))")]
    [InlineData("(global (export \"a\") (import \"m\" \"n\") (mut i32))", "(import \"m\" \"n\" (global (mut i32))) (export \"a\" (global 0))")]
    [InlineData("(tag (export \"a\") (import \"m\" \"n\"))", "(import \"m\" \"n\" (tag $t)) (export \"a\" (tag $t))")]
    [InlineData("(memory (export \"a\") (data \"x\"))", "(memory $m 1 1) (export \"a\" (memory $m)) (data (memory $m) (offset i32.const 0) \"x\")")]
    [InlineData("(memory $m i64 (data \"x\" \"y\"))", "(memory i64 1 1) (data (i64.const 0) \"xy\")")]
    [InlineData("(func $f) (table (export \"a\") funcref (elem $f 0))", "(func $f) (table 2 2 funcref) (export \"a\" (table 0)) (elem (i32.const 0) func $f 0)")]
    [InlineData("(func $f) (table i64 funcref (elem $f))", "(func $f) (table i64 1 1 funcref) (elem (table 0) (offset i64.const 0) func $f)")]
    [InlineData(
        "(func $f) (table (ref func) (elem (ref.func $f) (item ref.func $f)))",
        "(func $f) (table 2 2 (ref func)) (elem (table 0) (i32.const 0) (ref func) (item (ref.func $f)) (ref.func $f))")]
    public void Definitions(string shorter, string longer) => AssertSame(shorter, longer);

    [Theory]
    [InlineData("(elem (i32.const 0) 0)", "(elem (table 0) (offset (i32.const 0)) func 0)")]
    [InlineData("(elem (i32.const 0))", "(elem (offset i32.const 0) func)")]
    [InlineData("(elem (i32.const 0) funcref (ref.func 0))", "(elem (offset i32.const 0) (ref null func) (item ref.func 0))")]
    [InlineData("(elem declare func 0 0)", "(elem $e declare func 0 0)")]
    [InlineData("(elem func)", "(elem $e func)")]
    [InlineData("(data (i32.const 0) \"a\" \"\" \"\\62\")", "(data (memory 0) (offset (i32.const 0)) \"ab\")")]
    [InlineData("(data)", "(data \"\")")]
    public void Segments(string shorter, string longer)
    {
        const string definitions = "(func) (table 1 funcref) (memory 1)";

        AssertSame(definitions + shorter, definitions + longer);
    }

    [Theory]
    [InlineData("(func (if (i32.const 0) (then nop)))", "(func i32.const 0 if nop end)")]
    [InlineData("(func (loop $l (br $l)))", "(func loop br 0 end)")]
    [InlineData("(memory 1) (func (memory.init 0) (i32.load8_s)) (data \"\")", "(memory 1) (func memory.init 0 0 i32.load8_s 0 offset=0 align=1) (data \"\")")]
    [InlineData("(table 1 funcref) (func table.get table.init 0 table.size) (elem func)", "(table 1 funcref) (func table.get 0 table.init 0 0 table.size 0) (elem func)")]
    [InlineData("(func $\"a b\" (call $\"a\\20b\"))", "(func call 0)")]
    public void Instructions_and_identifiers(string shorter, string longer) => AssertSame(shorter, longer);

    [Theory]
    [InlineData("f32.const 0x1p-149", "4301000000")]
    [InlineData("f32.const 0x1.fffffep127", "43ffff7f7f")]
    [InlineData("f32.const nan:0x1", "430100807f")]
    [InlineData("f32.const -nan:0x7f_ffff", "43ffffffff")]
    [InlineData("f32.const -inf", "43000080ff")]
    [InlineData("f64.const 1e-99999999999", "44" + "0000000000000000")]
    [InlineData("f64.const 0e99999999999", "44" + "0000000000000000")]
    [InlineData("f64.const 0x0p99999999999999999999", "44" + "0000000000000000")]
    [InlineData("f64.const 0x1.", "44" + "000000000000f03f")]
    [InlineData("f64.const nan:0x8_0000_0000_0001", "44" + "010000000000f87f")]
    [InlineData("i64.const -0x8000_0000_0000_0000", "42" + "8080808080808080807f")]
    [InlineData("i32.const 0x8000_0000", "41" + "8080808078")]
    public void Numbers(string text, string expected) => Assert.Equal(expected, Assembling.Code($"(func {text})"));

    [Theory]
    [InlineData("\"\\t\\n\\r\\\"\\'\\\\\\00\\fF\\u{0}\\u{1_F600}é\"", "090a0d22275c00ff00f09f9880c3a9")]
    [InlineData("\"(; ;)\" (; \" ;) \";;\" ;; \"\n\"\"", "283b203b29" + "3b3b")]
    public void Strings(string text, string expected) =>
        Assert.Equal($"0101{expected.Length / 2:x2}{expected}", Assembling.Section($"(data {text})", 11));

    [Theory]
    [InlineData("\"\\u{d800}\"")]
    [InlineData("\"\\u{110000}\"")]
    [InlineData("\"\\u{}\"")]
    [InlineData("\"\\u{1__0}\"")]
    [InlineData("\"\\0\"")]
    [InlineData("\"\\x41\"")]
    public void Escapes_that_are_none(string text)
    {
        var error = Assert.Throws<MalformedModuleException>(() => TextModule.Assemble($"(data {text})"));
        Assert.Equal("illegal escape", error.Problem);
    }

    [Theory]
    [InlineData("(memory 1 (pagesize 1))", "unknown operator pagesize", 1, 12)]
    [InlineData("(elem (table 0) (i32.const 0) 0)", "unexpected token 0", 1, 31)]
    [InlineData("(func $\"\")", "empty identifier", 1, 8)]
    [InlineData("(func f64.const 0x.p1)", "unknown operator 0x.p1", 1, 17)]
    [InlineData("(elem)", "unexpected token )", 1, 6)]
    [InlineData("(func (import \"\" \"\") (export \"\"))", "unexpected token export", 1, 23)]
    [InlineData("(func (local i32) (param i32))", "unexpected token param", 1, 20)]
    [InlineData("(type (sub final final (func)))", "unexpected token final", 1, 18)]
    [InlineData("(type (sub (func) (func)))", "unexpected token func", 1, 20)]
    [InlineData("(rec (func))", "unexpected token func", 1, 7)]
    [InlineData("(type (func (param (ref null))))", "unexpected token )", 1, 29)]
    [InlineData("(global (mut i32 i32) i32.const 0)", "unexpected token i32", 1, 18)]
    [InlineData("(table 1 2 3 funcref)", "unexpected token 3", 1, 12)]
    [InlineData("(memory -1)", "unexpected token -1", 1, 9)]
    [InlineData("(memory 18446744073709551616)", "i64 constant out of range", 1, 9)]
    [InlineData("(module binary \"\\00asm\")", "unexpected token binary: (module binary …) belongs to test scripts", 1, 9)]
    [InlineData("(module $m quote \"(func)\")", "unexpected token quote: (module quote …) belongs to test scripts", 1, 12)]
    [InlineData("(module definition $m (func))", "unexpected token definition: (module definition …) belongs to test scripts", 1, 9)]
    [InlineData("(module instance $i $m)", "unexpected token instance: (module instance …) belongs to test scripts", 1, 9)]
    public void What_is_no_abbreviation(string text, string problem, int line, int column) =>
        Assembling.AssertMalformed(text, problem, line, column);

    private static void AssertSame(string shorter, string longer) => Assert.Equal(Unnamed(longer), Unnamed(shorter));

    /// <summary>The sections of the module but for its names.</summary>
    private static IEnumerable<string?> Unnamed(string text) => Enumerable.Range(1, 13).Select(id => Assembling.Section(text, id));
}
