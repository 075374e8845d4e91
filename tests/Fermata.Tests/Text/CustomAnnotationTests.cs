using Fermata.Binary;
using Fermata.Text;

namespace Fermata.Tests.Text;

public class CustomAnnotationTests
{
    [Fact]
    public void The_strings_after_the_name_are_the_content_as_one() =>
        Assert.Equal("0173" + "610062", Assembling.Section("(@custom \"s\" \"a\\00\" \"\" \"b\")", 0));

    [Theory]
    [InlineData("(module (@custom \"a\") (func))", "type func code a")]
    [InlineData("(@custom \"a\") (func) (@custom \"b\" (after last))", "type func code a b")]
    [InlineData("(func) (@custom \"a\" (before first)) (@custom \"b\" (before type))", "a b type func code")]
    [InlineData("(func) (@custom \"b\" (before type)) (@custom \"a\" (before first))", "a b type func code")]
    [InlineData("(func) (@custom \"b\" (before code)) (@custom \"a\" (after func))", "type func a b code")]
    [InlineData("(func) (@custom \"a\" (after func)) (@custom \"b\" (after func))", "type func a b code")]
    [InlineData("(func) (@custom \"b\" (before data)) (@custom \"a\" (after import))", "type a func code b")]
    [InlineData("(memory 0) (data \"\") (func data.drop 0) (@custom \"a\" (after datacount)) (@custom \"b\" (before elem))", "type func memory b datacount a code data")]
    [InlineData("(func $f) (tag) (@custom \"a\" (after memory)) (@custom \"b\" (before global))", "type func a tag b code name")]
    [InlineData("(@\"custom\" \"a\")", "a")]
    public void A_section_stands_where_its_place_says(string text, string expected) => Assert.Equal(expected, Sections(text));

    [Theory]
    [InlineData("(module $m (@custom \"a\"))", "name a")]
    [InlineData("(module $m (@custom \"a\" (after last)))", "name a")]
    [InlineData("(module $m (@custom \"a\" (after data)) (data \"\"))", "data a name")]
    public void The_names_come_after_the_data_and_before_what_is_last(string text, string expected) => Assert.Equal(expected, Sections(text));

    [Theory]
    [InlineData("(module $m (@custom \"name\" \"\\00\\02\\01n\") (func $f (param $p i32)))", "type func code name")]
    [InlineData("(module (func (@name \"f g\")) (@custom \"name\" \"\\00\\02\\01n\") (@custom \"b\"))", "type func code name b")]
    [InlineData("(module $m (@custom \"b\") (@custom \"name\" (before code) \"\\00\\02\\01n\") (func $f))", "type func name code b")]
    [InlineData("(module (@custom \"name\" \"\\00\\02\\01n\") (func $f (result i32) (call $f)) (@custom \"name\" \"?\"))", "type func code name name")]
    public void A_name_section_in_bytes_stands_for_that_of_the_identifiers(string text, string expected)
    {
        Assert.Equal(expected, Sections(text));
        var names = ModuleDecoder.Decode(TextModule.Assemble(text).Binary).Names;
        Assert.Equal(("n", null, null), (names.ModuleName, names.Function(0), names.Find(NameSubsection.Local, 0, 0)));
    }

    [Theory]
    [InlineData("(@custom)", "@custom annotation: missing section name", 1, 1)]
    [InlineData("(@custom \"a\" (after type x))", "@custom annotation: unexpected token", 1, 26)]
    [InlineData("(@custom \"a\" (after first))", "@custom annotation: malformed section kind", 1, 14)]
    [InlineData("(@custom \"a\" (before last))", "@custom annotation: malformed section kind", 1, 14)]
    [InlineData("(@custom \"a\" (before))", "@custom annotation: malformed section kind", 1, 14)]
    [InlineData("(@custom \"a\" ())", "@custom annotation: malformed placement", 1, 14)]
    [InlineData("(@custom \"a\" \"b\" (after type))", "@custom annotation: unexpected token", 1, 18)]
    [InlineData("(@custom \"\\ff\")", "@custom annotation: malformed UTF-8 encoding", 1, 10)]
    [InlineData("(func\n  (@custom \"a\"))", "misplaced @custom annotation", 2, 3)]
    [InlineData("(module (@custom \"a\") $m)", "misplaced annotation: not among the fields of the module", 1, 9)]
    [InlineData("(@custom \"a\") (module)", "misplaced annotation: not among the fields of the module", 1, 1)]
    [InlineData("(module) (@custom \"a\")", "misplaced annotation: not among the fields of the module", 1, 10)]
    public void A_wrong_annotation_is_refused(string text, string problem, int line, int column) =>
        Assembling.AssertMalformed(text, problem, line, column);

    [Theory]
    [InlineData("(@custom_section \"a\" 1 (x))")]
    [InlineData("(@producers (sdk \"a\" \"1\"))")]
    [InlineData("(@a (@custom))")]
    public void Other_annotations_mean_nothing(string text) => Assert.Equal("", Sections(text));

    /// <summary>The names of the sections in their order.</summary>
    private static string Sections(string text)
    {
        var binary = TextModule.Assemble(text).Binary;
        var reader = new ByteReader(binary, 8, binary.Length);
        var names = new List<string>();
        while (!reader.IsAtEnd)
        {
            var id = (SectionId)reader.ReadByte();
            var content = reader.ReadBytes(reader.ReadLength());
            names.Add(id switch
            {
                SectionId.Custom => new ByteReader(content, 0, content.Length).ReadName(),
                SectionId.Function => "func",
                _ => id.ToString().ToLowerInvariant(),
            });
        }

        return string.Join(' ', names);
    }
}
