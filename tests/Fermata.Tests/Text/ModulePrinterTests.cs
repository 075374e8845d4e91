using static Fermata.Tests.Text.Printing;

namespace Fermata.Tests.Text;

/// <summary>Modules are printed for readers, and so that the text is the same module again.</summary>
public class ModulePrinterTests
{
    private const string Factorial = """
        (module $math
          (type (;0;) (func (param i64) (result i64)))
          (export "factorial" (func $fac))
          (func $fac (type 0) (param $n i64) (result i64)
            (if $zero (result i64)
              (i64.eqz (local.get $n))
              (then
                (i64.const 1))
              (else
                (i64.mul (local.get $n) (call $fac (i64.sub (local.get $n) (i64.const 1))))))))

        """;

    [Fact]
    public void Folded_instructions_stand_around_their_operands() => Assert.Equal(Factorial, Print(Factorial, TextStyle.Folded));

    [Fact]
    public void Flat_instructions_stand_in_order()
    {
        const string flat = """
            (module $math
              (type (;0;) (func (param i64) (result i64)))
              (export "factorial" (func $fac))
              (func $fac (type 0) (param $n i64) (result i64)
                local.get $n
                i64.eqz
                if $zero (result i64)
                  i64.const 1
                else
                  local.get $n
                  local.get $n
                  i64.const 1
                  i64.sub
                  call $fac
                  i64.mul
                end))

            """;

        Assert.Equal(flat, Print(Factorial, TextStyle.Flat));
    }

    [Fact]
    public void Definitions_are_printed_in_the_order_of_the_binary_format()
    {
        const string text = """
            (module
              (type $sig (func (param i32) (result i32 (ref null $pair))))
              (rec
                (type $pair (sub (struct (field $first (mut i8)) (field (ref null $list)))))
                (type $list (sub final $pair (struct (field (mut i8)) (field (ref null $list)) (field i64)))))
              (type (;3;) (array (mut anyref)))
              (type (;4;) (func (param i32)))
              (import "env" "f\u{fc}" (func (;0;) (type $sig) (param $x i32) (result i32 (ref null $pair))))
              (import "env" "m" (memory (;0;) 1 2 shared))
              (table $t 2 (ref null $sig) (ref.null $sig))
              (table (;1;) i64 0 10 externref)
              (memory (;1;) i64 0)
              (tag $e (type 4) (param i32))
              (global $g (mut i32) (i32.add (i32.const 1) (i32.const -2)))
              (export "run" (func 1))
              (export "e" (tag $e))
              (start 2)
              (elem (;0;) (i32.const 0) (ref null $sig) (ref.func 0))
              (elem (;1;) declare func 1)
              (elem (;2;) (table 1) (offset (i64.const 0)) externref)
              (func (;1;) (type 4) (param i32)
                (local i32 i64) (local $y f32))
              (func $"with space" (type $sig) (param i32) (result i32 (ref null $pair))
                (call 0 (local.get 0)))
              (data (;0;) "a\00\"\\\n\ff")
              (data (;1;) (memory 1) (i64.const 8)))

            """;
        var printed = Print(text.Replace("(start 2)", "", StringComparison.Ordinal), TextStyle.Folded);

        Assert.Equal(
            text.Replace("  (start 2)\n", "", StringComparison.Ordinal)
                .Replace("(offset (i64.const 0))", "(i64.const 0)", StringComparison.Ordinal)
                .Replace("f\\u{fc}", "fü", StringComparison.Ordinal),
            printed);
    }

    [Theory]
    [InlineData("(drop (i32.const -1))", "(drop (i32.const -1))")]
    [InlineData("(call $two) (drop (i32.add))", "(drop (i32.add (call $two)))")]
    [InlineData("(call $two) (drop) (drop)", "(call $two) (drop) (drop)")]
    [InlineData("(i32.const 1) (nop) (drop)", "(i32.const 1) (nop) (drop)")]
    [InlineData("(i32.const 1) (drop (i32.const 2)) (drop)", "(i32.const 1) (drop (i32.const 2)) (drop)")]
    [InlineData("(unreachable) (i32.add) (drop)", "(unreachable) (drop (i32.add))")]
    [InlineData("(br 0 (;@0;)) (i32.eqz) (drop)", "(br 0 (;@0;)) (drop (i32.eqz))")]
    [InlineData("(i32.const 1) (block (;@1;) (param i32) (drop))", "(i32.const 1) (block (;@1;) (type 1) (param i32) (drop))")]
    [InlineData(
        "(i32.const 1) (i32.const 2) (block (;@1;) (param i32) (result i32)) (drop (i32.add))",
        "(drop (i32.add (i32.const 1) (i32.const 2) (block (;@1;) (type 2) (param i32) (result i32))))")]
    [InlineData("(drop (if (result i32) (i32.const 1) (then (i32.const 2)) (else (i32.const 3))))",
        "(drop (if (;@1;) (result i32) (i32.const 1) (then (i32.const 2)) (else (i32.const 3))))")]
    [InlineData("(nop) (if (unreachable) (then))", "(nop) (unreachable) (if (;@1;) (then))")]
    public void What_has_not_its_operands_to_itself_stands_alone(string body, string expected)
    {
        const string types = "(type (func (result i32 i32))) (type (func (param i32))) (type (func (param i32) (result i32)))";

        var printed = Print($"(module {types} (func $two (type 0) (unreachable)) (func {body}))");

        Assert.Equal(expected + "))", string.Join(' ', LinesOfLastFunction(printed)));
    }

    [Fact]
    public void Labels_are_named_or_counted()
    {
        const string text = """
            (module
              (tag $e)
              (func $f (param i32) (result i32)
                (block $a (result i32)
                  (block $a
                    (loop (br_if 0 (local.get 0)) (br_table 0 1 (local.get 0)))
                    (drop (br_if 1 (i32.const 3) (local.get 0)))
                    (drop (br_if 2 (i32.const 4) (local.get 0)))
                    (br $a))
                  (br 0 (i32.const 1)))))
            """;

        Assert.Equal(
            [
                "(block $a (result i32)", "(block $a", "(loop (;@3;)", "(br_if 0 (;@3;) (local.get 0))", "(br_table 0 (;@3;) $a (local.get 0)))",
                "(drop (br_if 1 (;@1;) (i32.const 3) (local.get 0)))", "(drop (br_if 2 (;@0;) (i32.const 4) (local.get 0)))", "(br $a))",
                "(br $a (i32.const 1)))))",
            ],
            LinesOfLastFunction(Print(text)));
        AssertSameAgain(text);
    }

    [Fact]
    public void The_older_exceptions_are_printed()
    {
        const string text = """
            (module (tag $e (param i32))
              (func (result i32)
                (try $t (result i32)
                  (do (try (do (throw $e (i32.const 1))) (delegate $t)) (i32.const 2))
                  (catch $e)
                  (catch_all (rethrow $t)))))
            """;

        Assert.Equal(
            [
                "(try $t (result i32)", "(do", "(try (;@2;)", "(do", "(throw $e (i32.const 1)))", "(delegate $t))", "(i32.const 2))", "(catch $e)",
                "(catch_all", "(rethrow $t)))))",
            ],
            LinesOfLastFunction(Print(text)));
        AssertSameAgain(text);
    }

    [Fact]
    public void Indices_of_all_kinds_become_names()
    {
        const string text = """
            (module
              (type $s (struct (field $x i32)))
              (type $a (array (mut i8)))
              (table $t 1 funcref) (table $u 1 funcref)
              (memory $m 1) (memory $n 1)
              (tag $e)
              (global $g (mut i32) (i32.const 0))
              (elem $el func) (data $d "x")
              (func $f (local $l (ref null $s))
                (global.set $g (struct.get $s $x (local.get $l)))
                (table.copy $t $u (i32.const 0) (i32.const 0) (i32.const 0))
                (table.init $u $el (i32.const 0) (i32.const 0) (i32.const 0))
                (memory.init $n $d (i32.const 0) (i32.const 0) (i32.const 0))
                (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))
                (drop (v128.load8_lane $n offset=1 2 (i32.const 0) (v128.const i32x4 0 1 2 -1)))
                (drop (array.new_data $a $d (i32.const 0) (i32.const 1)))
                (call_indirect $u (type 2) (i32.const 0))
                (try_table (catch $e 0) (catch_all 0) (throw $e))))
            """;

        Assert.Equal(
            [
                "(local $l (ref null $s))",
                "(global.set $g (struct.get $s $x (local.get $l)))",
                "(table.copy $t $u (i32.const 0) (i32.const 0) (i32.const 0))",
                "(table.init $u $el (i32.const 0) (i32.const 0) (i32.const 0))",
                "(memory.init $n $d (i32.const 0) (i32.const 0) (i32.const 0))",
                "(memory.fill (i32.const 0) (i32.const 0) (i32.const 0))",
                "(drop",
                "(v128.load8_lane $n offset=1 2",
                "(i32.const 0)",
                "(v128.const i32x4 0x00000000 0x00000001 0x00000002 0xffffffff)))",
                "(drop (array.new_data $a $d (i32.const 0) (i32.const 1)))",
                "(call_indirect $u (type 2) (i32.const 0))",
                "(try_table (;@1;) (catch $e 0 (;@0;)) (catch_all 0 (;@0;))",
                "(throw $e)))",
                "(data $d \"x\"))",
            ],
            LinesOfLastFunction(Print(text)));
        AssertSameAgain(text);
    }

    [Fact]
    public void Annotations_tell_custom_sections_and_branch_hints()
    {
        const string text = """
            (module
              (type (;0;) (func))
              (func (;0;) (type 0)
                (block (;@1;)
                  (@metadata.code.branch_hint "\01")
                  (br_if 0 (;@1;)
                    (i32.const 1))
                  (@metadata.code.branch_hint "\00")
                  (if (;@2;)
                    (i32.const 0)
                    (then))))
              (@custom "first \"one\"" (before first) "\00a")
              (@custom "" (after type))
              (@custom "last" (after code) "z"))

            """;

        Assert.Equal(text, Print(text));
        AssertSameAgain(text);
    }

    [Fact]
    public void Branch_hints_are_bytes_where_a_section_is_between_them_and_the_code()
    {
        byte[] hints = Binary.ModuleBytes.Custom("metadata.code.branch_hint", 1, 0, 1, 3, 1, 1);
        byte[] code = Binary.ModuleBytes.Code([0, 0x41, 0, 0x0D, 0, 0x0B]);
        byte[][] before = [Binary.ModuleBytes.OneType, Binary.ModuleBytes.Section(3, 1, 0)];
        var between = Binary.ModuleBytes.Module([.. before, hints, Binary.ModuleBytes.Custom("x"), code]);
        var memory = Binary.ModuleBytes.Module([.. before, hints, Binary.ModuleBytes.Section(5, 1, 0, 1), code]);
        var behind = Binary.ModuleBytes.Module([.. before, hints, code, Binary.ModuleBytes.Custom("x")]);

        Assert.Contains("(@custom \"metadata.code.branch_hint\" (after func) \"\\01\\00\\01", Print(between), StringComparison.Ordinal);
        Assert.Contains("(@custom \"metadata.code.branch_hint\" (after func) \"\\01\\00\\01", Print(memory), StringComparison.Ordinal);
        Assert.DoesNotContain("@custom \"metadata", Print(behind), StringComparison.Ordinal);
        AssertSameAgain(between);
        AssertSameAgain(memory);
        AssertSameAgain(behind);
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 1, 9, 1, 1 })]
    [InlineData(new byte[] { 1, 0, 1, 1, 1, 7 })]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[] { 0 })]
    public void Branch_hints_that_fit_no_branch_or_are_none_are_bytes(byte[] content)
    {
        byte[] hints = Binary.ModuleBytes.Custom("metadata.code.branch_hint", content);
        var module = Binary.ModuleBytes.Module(
            Binary.ModuleBytes.OneType, Binary.ModuleBytes.Section(3, 1, 0), hints, Binary.ModuleBytes.Code([0, 0x0B]));

        Assert.Contains("(@custom \"metadata.code.branch_hint\" (after func) \"\\0", Print(module), StringComparison.Ordinal);
        AssertSameAgain(module);
    }

    [Theory]
    [InlineData(TextStyle.Folded)]
    [InlineData(TextStyle.Flat)]
    public void Deep_nesting_takes_neither_stack_nor_long_indentation(TextStyle style)
    {
        const int depth = 50_000;
        var blocks = Enumerable.Repeat<byte[]>([0x02, 0x40], depth).SelectMany(block => block).Concat(Enumerable.Repeat<byte>(0x0B, depth));
        var operators = ((byte[])[0x41, 0]).Concat(Enumerable.Repeat<byte>(0x45, depth)).Append((byte)0x1A);
        var module = Binary.ModuleBytes.Function([.. blocks, .. operators, 0x0B]);

        var printed = Print(module, style);

        Assert.InRange(printed.Length, depth * 10, depth * 250);
        Assert.Equal(module, Fermata.Text.TextModule.Assemble(printed).Binary);
    }

    [Fact]
    public void A_loaded_module_is_written_as_bytes_and_text()
    {
        var module = Module.Parse(new Engine(), Factorial);
        using var writer = new StringWriter();

        module.WriteText(writer, TextStyle.Folded);

        Assert.Equal(Factorial, writer.ToString());
        Assert.Equal(Factorial, module.ToText());
        Assert.Contains("\n    i64.eqz\n", module.ToText(TextStyle.Flat), StringComparison.Ordinal);
        Assert.Equal(Fermata.Text.TextModule.Assemble(Factorial).Binary, module.ToBytes());
        Assert.Throws<ArgumentNullException>(() => module.WriteText(null!));
    }
}
