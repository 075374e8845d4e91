namespace Fermata.Bench.Tests;

/// <summary>The kernels compile, and have one result in all engines. They do a little of what the benchmark has them do.</summary>
public class KernelTests
{
    [NpmFact(IsHeavy = true)]
    public async Task Every_kernel_has_the_same_result_in_each_engine()
    {
        await Installation.EnsureAsync();
        await KernelBuild.EnsureAsync(Kernels.All);

        Assert.All(Kernels.All, kernel =>
        {
            var little = kernel with { Argument = 2 };
            var expected = Computation.InWasmtime(little).Round().Checksum;
            Assert.NotNull(expected);
            Assert.Equal(expected, Computation.InFermata(little, EngineOptions.Default).Round().Checksum);
            Assert.Equal(expected, Computation.InFermata(little, Computation.Bare).Round().Checksum);
            if (kernel.IsC && KernelBuild.Gcc is not null)
                Assert.Equal(expected, Computation.Natively(little).Round().Checksum);
        });
    }
}
