namespace Fermata.Bench.Tests;

public class ComparisonTests
{
    [Fact]
    public void Engines_that_agree_have_one_checksum() =>
        Assert.Equal(7, Comparison.Agreed("sha256", [(EngineKind.Fermata, 7), (EngineKind.V8, 7), (EngineKind.V8, 7)]));

    [Fact]
    public void Engines_that_do_not_agree_are_told()
    {
        var exception = Assert.Throws<BenchException>(() => Comparison.Agreed("sha256", [(EngineKind.Fermata, 7), (EngineKind.V8, 8), (EngineKind.V8, 8)]));

        Assert.Equal("sha256 has different results: 7 in Fermata, 8 in V8.", exception.Message);
    }
}
