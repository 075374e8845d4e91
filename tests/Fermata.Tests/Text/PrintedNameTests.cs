using Fermata.Binary;
using static Fermata.Tests.Binary.ModuleBytes;
using static Fermata.Tests.Text.Printing;

namespace Fermata.Tests.Text;

/// <summary>Names from outside, which may be any characters, do not break the text.</summary>
public class PrintedNameTests
{
    [Theory]
    [InlineData("plain", "$plain")]
    [InlineData("!#$%&'*+-./:<=>?@\\^_`|~", "$!#$%&'*+-./:<=>?@\\^_`|~")]
    [InlineData("with space", "$\"with space\"")]
    [InlineData("a\"b\\c(", "$\"a\\\"b\\\\c(\"")]
    [InlineData("a\\b c", "$\"a\\\\b c\"")]
    [InlineData("\t\r\n\0\u001b\u007f", "$\"\\t\\r\\n\\u{0}\\u{1b}\\u{7f}\"")]
    [InlineData("naïve λ 名 🙂", "$\"naïve λ 名 🙂\"")]
    [InlineData("\u202egnp\u200b\u00a0\ue000", "$\"\\u{202e}gnp\\u{200b}\\u{a0}\\u{e000}\"")]
    [InlineData(";; ;) (;", "$\";; ;) (;\"")]
    public void A_name_becomes_an_identifier(string name, string expected)
    {
        var module = NamedFunctions(name);

        Assert.Contains($"(func {expected} (type 0))", Print(module), StringComparison.Ordinal);
        AssertSameAgain(module);
    }

    [Fact]
    public void What_no_identifier_can_say_is_an_annotation()
    {
        var module = NamedFunctions("twice", "twice", "");
        var printed = Print(module);

        Assert.Contains("(func $twice (type 0))", printed, StringComparison.Ordinal);
        Assert.Contains("(func (;1;) (@name \"twice\") (type 0))", printed, StringComparison.Ordinal);
        Assert.Contains("(func (;2;) (@name \"\") (type 0))", printed, StringComparison.Ordinal);
        AssertSameAgain(module);
    }

    [Fact]
    public void A_long_name_stands_in_the_text_once()
    {
        var name = new string('n', 1 << 20);
        var module = NamedFunctions([name], [.. Enumerable.Repeat<byte[]>([0x10, 0], 1000).SelectMany(call => call)]);

        Assert.InRange(Print(module).Length, name.Length, name.Length + 50_000);
        AssertSameAgain(module);
    }

    [Fact]
    public void Many_labels_with_long_names_on_one_line_do_not_mix_with_what_stands_before()
    {
        var name = new string('l', 999);
        var branches = string.Concat(Enumerable.Repeat($"(br_table {string.Concat(Enumerable.Repeat($"${name} ", 40))}(i32.const 0))", 10));

        AssertSameAgain($"(module (func (block ${name} {branches})))");
        AssertSameAgain($"(module (func (block ${name} (br_table {string.Concat(Enumerable.Repeat("0 ", 200_000))}(i32.const 0)))))");
    }

    [Fact]
    public void Locals_labels_fields_and_the_module_have_such_names_too() => AssertSameAgain("""
        (module $"my module"
          (type $"a b" (struct (field (@name "") i32) (field $"x y" i64) (field (@name "x y") i64) (field f32)))
          (func (param $p i32) (param i32 i64) (param (@name "p") f32) (local f64) (local $"\u{7f}" i32) (local (@name "") i32)
            (block $"l l" (block (@name "") (br_if $"l l" (local.get $"\u{7f}")) (br 0)))
            (drop (struct.get $"a b" $"x y" (ref.null $"a b")))))
        """);

    [Fact]
    public void A_module_without_a_name_that_can_be_an_identifier_has_an_annotation() =>
        Assert.StartsWith("(module (@name \"\")", Print("(module (@name \"\"))"), StringComparison.Ordinal);

    [Theory]
    [InlineData("names of what does not exist", "01 07 02 00 01 66 01 01 67")]
    [InlineData("no name", "01 06 02 00 01 66 01 01")]
    [InlineData("names in another order", "01 07 02 01 01 67 00 01 66")]
    [InlineData("an unknown subsection", "01 04 01 00 01 66 0c 01 00")]
    [InlineData("a subsection without end", "01 04 01 00 01 66 02 09 00")]
    [InlineData("an empty subsection", "01 04 01 00 01 66 02 01 00")]
    [InlineData("a function without names of locals", "01 04 01 00 01 66 02 03 01 00 00")]
    public void Names_that_identifiers_cannot_tell_are_printed_as_bytes_too(string what, string content)
    {
        var module = Module(OneType, Section(3, 1, 0), Code([0, 0x0B]), Custom("name", Convert.FromHexString(content.Replace(" ", "", StringComparison.Ordinal))));
        var printed = Print(module);

        Assert.True(printed.StartsWith("(module\n  (type (;0;) (func))\n  (func $f (type 0))\n  (@custom \"name\" (after code) \"", StringComparison.Ordinal), what);
        AssertSameAgain(module);
    }

    [Fact]
    public void A_name_section_without_names_is_printed()
    {
        var module = Module(Custom("name"));

        Assert.Equal("(module\n  (@custom \"name\" (before first)))\n", Print(module));
        AssertSameAgain(module);
    }

    [Fact]
    public void Of_two_name_sections_both_are_printed()
    {
        var name = Custom("name", Section(1, [1, 0, .. Name("f")]));
        var module = Module(OneType, Section(3, 1, 0), name, Code([0, 0x0B]), name);

        Assert.Equal(2, Print(module).Split("(@custom \"name\"").Length - 1);
        AssertSameAgain(module);
    }

    [Fact]
    public void A_name_section_that_stands_elsewhere_stays_there()
    {
        var module = Module(OneType, Section(3, 1, 0), Custom("name", Section(1, [1, 0, .. Name("f")])), Code([0, 0x0B]));

        Assert.Contains("(func $f (type 0))\n  (@custom \"name\" (after func) \"", Print(module), StringComparison.Ordinal);
        AssertSameAgain(module);
    }

    [Fact]
    public void Sections_before_and_behind_the_names_stay_there()
    {
        var module = Module(OneType, Section(3, 1, 0), Code([0, 0x0B]), Custom("a"), Custom("name", Section(1, [1, 0, .. Name("f")])), Custom("producers", 0));

        Assert.EndsWith("(func $f (type 0))\n  (@custom \"a\" (after code))\n  (@custom \"producers\" (after last) \"\\00\"))\n", Print(module), StringComparison.Ordinal);
        AssertSameAgain(module);
    }

    [Fact]
    public void Numbers_in_the_name_section_that_are_longer_than_they_need_do_not_keep_names_from_being_identifiers()
    {
        var module = Module(OneType, Section(3, 1, 0), Code([0, 0x0B]), Custom("name", [1, 0x84, 0x80, 0, 1, 0, .. Name("f")]));

        Assert.Equal("(module\n  (type (;0;) (func))\n  (func $f (type 0)))\n", Print(module));
    }

    [Fact]
    public void Exports_and_imports_are_quoted()
    {
        const string text = "(module (import \"\\\"\" \"\\u{202e}ü\" (func)) (export \"\\00 \\n\" (func 0)))";
        var printed = Print(text);

        Assert.Contains("(import \"\\\"\" \"\\u{202e}ü\" (func (;0;) (type 0)))", printed, StringComparison.Ordinal);
        Assert.Contains("(export \"\\u{0} \\n\" (func 0))", printed, StringComparison.Ordinal);
        AssertSameAgain(text);
    }

    [Theory]
    [InlineData("i32.const", "0x80000000", "-2147483648")]
    [InlineData("i64.const", "0xffffffffffffffff", "-1")]
    [InlineData("i64.const", "9223372036854775807", "9223372036854775807")]
    [InlineData("f32.const", "0.1", "0.1")]
    [InlineData("f32.const", "-0x0p0", "-0")]
    [InlineData("f32.const", "0x1p-149", "1E-45")]
    [InlineData("f32.const", "0x1.fffffep127", "3.4028235E+38")]
    [InlineData("f32.const", "nan:0x200000", "nan:0x200000")]
    [InlineData("f32.const", "-nan:0x7fffff", "-nan:0x7fffff")]
    [InlineData("f64.const", "1e100", "1E+100")]
    [InlineData("f64.const", "-inf", "-inf")]
    [InlineData("f64.const", "-nan", "-nan")]
    [InlineData("f64.const", "nan:0x1", "nan:0x1")]
    [InlineData("f64.const", "5e-324", "5E-324")]
    [InlineData("f64.const", "0x1p-25", "2.9802322387695312E-08")]
    [InlineData("f64.const", "-0x1p-958", "-4.1045368012983762E-289")]
    public void Numbers_read_back_to_the_same_bits(string instruction, string number, string expected)
    {
        var text = $"(module (func (drop ({instruction} {number}))))";

        Assert.Contains($"(drop ({instruction} {expected}))", Print(text), StringComparison.Ordinal);
        AssertSameAgain(text);
    }

    [Fact]
    public void Data_of_any_bytes_stands_in_lines()
    {
        byte[] data = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        var module = Module(Section(11, [1, 1, .. U32((uint)data.Length), .. data]));

        Assert.StartsWith("(module\n  (data (;0;)\n    \"\\00\\01\\02\\03\\04\\05\\06\\07\\08\\t\\n\\0b\\0c\\r", Print(module), StringComparison.Ordinal);
        Assert.Equal(6, Print(module).Count(c => c == '\n'));
        AssertSameAgain(module);
    }

    private static byte[] NamedFunctions(params string[] names) => NamedFunctions(names, []);

    /// <summary>Functions with these names and this body.</summary>
    private static byte[] NamedFunctions(string[] names, byte[] body)
    {
        var writer = new NameSectionWriter();
        writer.Add(NameSubsection.Function, [.. names.Select((name, index) => (index, name))]);
        var sections = new CustomSectionWriter();
        writer.AddTo(sections);
        var section = new ByteWriter();
        sections.AppendTo(section, CustomPlace.Last);
        return Module(
            OneType,
            Section(3, [(byte)names.Length, .. names.Select(_ => (byte)0)]),
            Code([.. names.Select(_ => (byte[])[0, .. body, 0x0B])]),
            section.Bytes.ToArray());
    }
}
