namespace Fermata.Bench.Tests;

public class DocumentsTests
{
    [Fact]
    public void A_block_is_replaced_between_its_marks() => Assert.Equal(
        "a\n<!-- bench:x -->\n$1 new\n<!-- /bench:x -->\n<!-- bench:y -->\nold\n<!-- /bench:y -->\n",
        Documents.Replace("a\n<!-- bench:x -->\nold\nlines\n<!-- /bench:x -->\n<!-- bench:y -->\nold\n<!-- /bench:y -->\n", "x", "$1 new\n"));

    [Fact]
    public void A_block_that_is_not_there_is_told()
    {
        var exception = Assert.Throws<BenchException>(() => Documents.Replace("no blocks", "kernels", ""));

        Assert.Equal("the document has no lines <!-- bench:kernels --> and <!-- /bench:kernels -->.", exception.Message);
    }

    [Theory]
    [InlineData("machine")]
    [InlineData("kernels")]
    [InlineData("programs")]
    [InlineData("starts")]
    [InlineData("emscripten")]
    [InlineData("python")]
    [InlineData("snapshots")]
    [InlineData("calls")]
    public void The_page_has_a_block_for_each_group(string block) =>
        Documents.Replace(File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "performance.md")), block, "");
}
