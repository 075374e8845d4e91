using System.Diagnostics;
using Fermata.Fuzz.Mutation;
using Fermata.Fuzz.Running;

namespace Fermata.Fuzz;

/// <summary>The modules of a differential run: generated ones, mutations of them, and mutations of the modules at hand.</summary>
internal sealed class PlanSource(int seed, int derived, bool hasThreads)
{
    private const int ModulesPerArchive = 200;

    /// <summary>What Binaryen can generate and one of the engines does not have.</summary>
    private static readonly string[] Missing =
    [
        "strings", "shared-everything", "custom-descriptors", "stack-switching", "fp16", "multibyte", "acquire-release-atomics",
        "relaxed-atomics", "custom-page-sizes", "wide-arithmetic", "compact-imports",
    ];

    /// <summary>How many mutations were invalid and so not used.</summary>
    public int Rejected { get; private set; }

    /// <summary>How many modules import what not both hosts can give.</summary>
    public int NotRunnable { get; private set; }

    /// <summary>Plans without end, always the same ones for a seed.</summary>
    public IEnumerable<Plan> Plans()
    {
        var corpus = SeedCorpus.Modules();
        var random = new RandomSource((ulong)seed);
        var index = 0;
        foreach (var module in GeneratedModules())
        {
            var origin = $"seed {seed} module {index++}";
            // Code of the fuzzer counts its steps by itself; code that nobody touched must be compared too.
            if (TryPlan(module, origin, random, countsSteps: !random.OneIn(4)) is { } plan)
                yield return plan;
            for (var i = 0; i < derived; i++)
            {
                if (TryMutate(module, $"{origin} mutation {i}", random) is { } mutated)
                    yield return mutated;
            }

            if (corpus.Count > 0 && random.Pick(corpus) is var (name, known) && TryMutate(known, $"{origin} mutation of {name}", random) is { } other)
                yield return other;
        }
    }

    private Plan? TryMutate(byte[] module, string origin, RandomSource random)
    {
        var mutated = CodeMutator.Mutate(module, random);
        if (SeedCorpus.IsValid(mutated))
            return TryPlan(mutated, origin, random, countsSteps: true);
        Rejected++;
        return null;
    }

    private Plan? TryPlan(byte[] module, string origin, RandomSource random, bool countsSteps)
    {
        var plan = PlanBuilder.TryBuild(module, origin, random.Next(), countsSteps, determinesNans: countsSteps && !random.OneIn(4));
        if (plan is null)
            NotRunnable++;
        return plan;
    }

    /// <summary>Generates archive after archive, the next one while one is used.</summary>
    private IEnumerable<byte[]> GeneratedModules()
    {
        var folder = Directory.CreateTempSubdirectory("fermata-fuzz");
        try
        {
            var next = Generate(folder.FullName, 0);
            for (var number = 0; ; number++)
            {
                using var process = next.Process;
                process.WaitForExit();
                var archive = next.Archive;
                if (process.ExitCode != 0)
                    throw new FuzzException($"generate.mjs ended with {process.ExitCode}");
                next = Generate(folder.FullName, number + 1);
                foreach (var module in ModuleArchive.Read(archive).Where(module => module.Length > 0))
                    yield return module;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private (Process Process, string Archive) Generate(string folder, int number)
    {
        var archive = Path.Combine(folder, $"archive{number % 2}");
        var features = Missing.Concat(hasThreads ? [] : ["threads"]).Select(name => $"--disable-{name}");
        string[] arguments = [$"{seed}", $"{number * ModulesPerArchive}", $"{ModulesPerArchive}", archive, "--all-features", .. features];
        var process = NodeTools.Start("generate.mjs", [], arguments);
        // wasm-opt warns of every module.
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return (process, archive);
    }
}
