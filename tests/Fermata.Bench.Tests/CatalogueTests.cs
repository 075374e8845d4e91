namespace Fermata.Bench.Tests;

public class CatalogueTests
{
    [Fact]
    public void Names_are_unique() => Assert.Distinct(Catalogue.All.Select(entry => entry.Name));

    [Fact]
    public void All_are_measured_in_Fermata() => Assert.All(Catalogue.All, entry => Assert.Contains(EngineKind.Fermata, entry.Engines));

    [Fact]
    public void A_group_is_found_by_its_name() => Assert.Equal(Kernels.All.Select(kernel => kernel.Name), Catalogue.Find("kernels").Select(entry => entry.Name));

    [Fact]
    public void A_name_that_is_not_there_is_told()
    {
        var exception = Assert.Throws<BenchException>(() => Catalogue.Find("fibb"));

        Assert.StartsWith("there is no benchmark fibb; there are indirect, virtual, ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_source_is_a_kernel() => Assert.Equal(
        Directory.GetFiles(BenchFolder.Path("kernels"), "*.c").Select(Path.GetFileNameWithoutExtension).Order(),
        Kernels.All.Where(kernel => kernel.IsC).Select(kernel => kernel.Name).Order());

    [Fact]
    public void Quick_leaves_out_what_takes_long()
    {
        var names = BenchOptions.Parse(["--quick"]).Benchmarks.Select(entry => entry.Name).ToArray();

        Assert.Contains("sha256", names);
        Assert.DoesNotContain("start-python", names);
        Assert.Equal(Catalogue.All.Count, BenchOptions.Parse([]).Benchmarks.Count);
    }
}
