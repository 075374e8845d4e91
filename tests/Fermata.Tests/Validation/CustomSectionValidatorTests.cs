using Fermata.Text;
using static Fermata.Tests.Binary.ModuleBytes;

namespace Fermata.Tests.Validation;

/// <summary>Custom sections are checked when asked for, and otherwise do no harm.</summary>
public class CustomSectionValidatorTests
{
    private const string Guest = """
        (module $m
          (type $s (struct (field $x i32) (field i32)))
          (import "a" "b" (func $imported (param $p i32)))
          (func $f (param $p i32) (local $l i32)
            (@metadata.code.branch_hint "\00") (if $label (local.get $p) (then (block $inner)))
            (@metadata.code.branch_hint "\01") (br_if 0 (local.get $p)))
          (table $t 1 funcref) (memory $mem 1) (global $g i32 (i32.const 0)) (tag $e) (elem $el func) (data $d ""))
        """;

    /// <summary>The same without names and hints. In the function, <c>if</c> has the offset 5, <c>br_if</c> 13.</summary>
    private const string Unnamed = """
        (type (struct (field i32) (field i32)))
        (import "a" "b" (func (param i32)))
        (func (param i32) (local i32) (if (local.get 0) (then (block))) (br_if 0 (local.get 0)))
        (table 1 funcref) (memory 1) (global i32 (i32.const 0)) (tag) (elem func) (data "")
        """;

    [Fact]
    public void What_the_assembler_writes_is_right() => Check(TextModule.Assemble(Guest).Binary);

    [Theory]
    [InlineData("02 01 00 01 01 00", "custom @name: invalid name subsection id")]
    [InlineData("63 01 00", "custom @name: invalid name subsection id")]
    [InlineData("01 01 00 01 01 00", "custom @name: invalid name subsection id")]
    [InlineData("01 02 00 00", "custom @name: name subsection size mismatch")]
    [InlineData("01 05 01 00 01 61 62", "custom @name: name subsection size mismatch")]
    [InlineData("01 40", "custom @name: length out of bounds")]
    [InlineData("01 05 02 00 00 00 00", "custom @name: multiple function names")]
    [InlineData("01 05 02 01 00 00 00", "custom @name: function names are not in the order")]
    [InlineData("01 03 01 02 00", "custom @name: invalid function index 2")]
    [InlineData("02 05 01 02 01 00 00", "custom @name: invalid function index 2")]
    [InlineData("02 05 01 00 01 00 00", null)]
    [InlineData("02 05 01 00 01 01 00", "custom @name: invalid local index 1")]
    [InlineData("02 05 01 01 01 01 00", null)]
    [InlineData("02 05 01 01 01 02 00", "custom @name: invalid local index 2")]
    [InlineData("02 05 02 01 00 01 00", "custom @name: multiple function names")]
    [InlineData("03 05 01 01 01 01 00", null)]
    [InlineData("03 05 01 01 01 02 00", "custom @name: invalid label index 2")]
    [InlineData("03 05 01 00 01 00 00", "custom @name: invalid label index 0")]
    [InlineData("04 03 01 03 00", "custom @name: invalid type index 3")]
    [InlineData("05 03 01 01 00", "custom @name: invalid table index 1")]
    [InlineData("06 03 01 01 00", "custom @name: invalid memory index 1")]
    [InlineData("07 03 01 01 00", "custom @name: invalid global index 1")]
    [InlineData("08 03 01 01 00", "custom @name: invalid element segment index 1")]
    [InlineData("09 03 01 01 00", "custom @name: invalid data segment index 1")]
    [InlineData("0a 05 01 00 01 01 00", null)]
    [InlineData("0a 05 01 00 01 02 00", "custom @name: invalid field index 2")]
    [InlineData("0a 05 01 01 01 00 00", "custom @name: invalid field index 0")]
    [InlineData("0b 03 01 01 00", "custom @name: invalid tag index 1")]
    [InlineData("0b 06 01 ff ff ff ff 0f", "custom @name: invalid tag index 2147483647")]
    [InlineData("01 07 ff ff ff ff 0f 00 00", "custom @name: unexpected end")]
    [InlineData("01 04 01 00 01 ff", "custom @name: malformed UTF-8 encoding")]
    [InlineData("01 04 01 00 09 61", "custom @name: length out of bounds")]
    public void A_name_section(string content, string? problem) => CheckSection("name", content, isFirst: false, problem);

    [Theory]
    [InlineData("00", null)]
    [InlineData("01 01 01 03 01 00", "@metadata.code.branch_hint annotation: invalid target")]
    [InlineData("01 01 01 05 01 00", null)]
    [InlineData("01 01 02 05 01 00 0d 01 01", null)]
    [InlineData("01 01 02 0d 01 00 05 01 01", "@metadata.code.branch_hint annotation: invalid order")]
    [InlineData("01 01 02 05 01 00 05 01 00", "@metadata.code.branch_hint annotation: invalid order")]
    [InlineData("01 01 01 04 01 00", "@metadata.code.branch_hint section: invalid offset")]
    [InlineData("01 01 01 01 01 00", "@metadata.code.branch_hint section: invalid offset")]
    [InlineData("01 01 01 7f 01 00", "@metadata.code.branch_hint section: invalid offset")]
    [InlineData("01 01 01 ff ff ff ff 0f 01 00", "@metadata.code.branch_hint section: invalid offset")]
    [InlineData("01 01 01 05 02 00", "@metadata.code.branch_hint section: missing reserved byte")]
    [InlineData("01 01 01 05 01 02", "@metadata.code.branch_hint section: invalid hint value")]
    [InlineData("01 00 00", "@metadata.code.branch_hint section: invalid function index 0")]
    [InlineData("01 02 00", "@metadata.code.branch_hint section: invalid function index 2")]
    [InlineData("02 01 00 01 00", "@metadata.code.branch_hint section: functions are not in the order")]
    [InlineData("02 01 00", "unexpected end")]
    [InlineData("00 00", "@metadata.code.branch_hint section: unexpected bytes")]
    public void A_section_of_branch_hints(string content, string? problem) =>
        CheckSection("metadata.code.branch_hint", content, isFirst: true, problem);

    [Fact]
    public void Branch_hints_come_before_the_code() =>
        CheckSection("metadata.code.branch_hint", "00", isFirst: false, "@metadata.code.branch_hint section: comes after the code");

    [Fact]
    public void Each_subsection_that_is_wrong_is_told()
    {
        var problems = Problems(Module(OneType, Section(3, 1, 0), Code([0, 0x0B]), Custom(
            "name", [.. Section(0, 5), .. Section(1, 1, 7, 0), .. Section(99), .. Section(98), .. Section(3, 1, 0, 1, 0, 0), 4, 100])));

        Assert.Equal(
            [
                "custom @name: length out of bounds (at byte 0x21)",
                "custom @name: invalid function index 7 (at byte 0x25)",
                "custom @name: invalid name subsection id (at byte 0x27)",
                "custom @name: invalid label index 0 (at byte 0x30)",
                "custom @name: length out of bounds (at byte 0x33)",
            ],
            problems.Select(problem => problem.Message));
        Assert.IsType<InvalidModuleException>(problems[1]);
        Assert.IsType<MalformedModuleException>(problems[0]);
    }

    [Fact]
    public void All_sections_that_are_wrong_are_told() =>
        Assert.Equal(
            [
                "custom @name: multiple sections (at byte 0x2c)",
                "custom @name: invalid name subsection id (at byte 0xf)",
                "@metadata.code.branch_hint section: unexpected bytes at the end (at byte 0x49)",
            ],
            Problems(Module(Custom("name", 99, 0), Custom("x", new byte[16]), Custom("name"), Custom("metadata.code.branch_hint", 0, 0)))
                .Select(problem => problem.Message));

    [Fact]
    public void A_section_comes_at_most_once()
    {
        var error = Assert.Throws<MalformedModuleException>(() => Check(Module(Custom("name"), Custom("name"))));
        Assert.Equal("custom @name: multiple sections", error.Problem);
        Check(Module(Custom("x"), Custom("x")));
    }

    /// <summary>Checks a module that has the section instead of its own, first or last.</summary>
    private static void CheckSection(string name, string content, bool isFirst, string? problem)
    {
        var place = isFirst ? "(before first)" : "(after last)";
        var bytes = string.Concat(content.Split(' ').Select(digits => "\\" + digits));
        var binary = TextModule.Assemble($"(@custom \"{name}\" {place} \"{bytes}\") {Unnamed}").Binary;
        if (problem is null)
        {
            Check(binary);
            return;
        }

        var error = Assert.ThrowsAny<ModuleException>(() => Check(binary));
        Assert.StartsWith(problem, error.Problem, StringComparison.Ordinal);
        Assert.NotNull(error.Offset);
    }

    private static IReadOnlyList<ModuleException> Problems(byte[] binary)
    {
        var engine = new Engine();
        return Fermata.Module.Load(engine, binary).CustomSectionProblems;
    }

    private static void Check(byte[] binary)
    {
        var engine = new Engine();
        Fermata.Module.Load(engine, binary).ValidateCustomSections();
    }
}
