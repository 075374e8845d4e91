using Fermata.Fuzz;
using Fermata.Fuzz.Mutation;
using Fermata.Fuzz.Running;

namespace Fermata.Tests.Fuzz;

/// <summary>Bytes that are nearly modules: taken, or refused with an exception for modules, in bounded memory.</summary>
public sealed class MutatedModuleTests
{
    private const int Count = 20_000;
    private const ulong Seed = 26;

    [Fact]
    public void Mutated_modules_are_taken_or_refused()
    {
        var modules = Recording.Read(typeof(MutatedModuleTests).Assembly.GetManifestResourceStream("recorded.br")!)
            .Select(recorded => recorded.Plan.Module)
            .ToList();
        var random = new RandomSource(Seed);
        var check = new MutationCheck(limitsTime: false);
        var problems = new List<string>();
        BigStack.Run(() =>
        {
            for (var i = 0; i < Count; i++)
            {
                if (check.Binary(ByteMutator.Mutate(random.Pick(modules), random.Pick(modules), random)) is { } problem)
                    problems.Add($"mutation {i}: {problem}");
            }
        });

        Assert.Empty(problems);
    }
}
