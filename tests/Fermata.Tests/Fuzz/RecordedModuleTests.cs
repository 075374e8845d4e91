using Fermata.Fuzz;
using Fermata.Fuzz.Running;

namespace Fermata.Tests.Fuzz;

/// <summary>Generated modules, of which V8 has said what happens in them; <c>tests/Fermata.Fuzz</c> makes the file.</summary>
public sealed class RecordedModuleTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Modules_do_in_Fermata_what_they_do_in_V8(bool suspendsEverywhere)
    {
        var count = 0;
        var differences = new List<string>();
        BigStack.Run(() =>
        {
            var engine = new Engine(new EngineOptions { MaxStackBytes = BigStack.EngineBytes, SuspendEverywhere = suspendsEverywhere });
            foreach (var (plan, lines) in Recording.Read(typeof(RecordedModuleTests).Assembly.GetManifestResourceStream("recorded.br")!))
            {
                count++;
                if (Comparison.Compare(FermataRun.Lines(engine, plan), lines) is (Outcome.Different, var difference))
                    differences.Add($"{plan.Origin}: {difference}");
            }
        });

        Assert.Empty(differences);
        Assert.True(count > 100, $"{count} modules");
    }
}
