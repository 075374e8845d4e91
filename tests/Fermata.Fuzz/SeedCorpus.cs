using Fermata.Fuzz.Running;
using Fermata.Wast;

namespace Fermata.Fuzz;

/// <summary>The valid modules at hand: those of the specification's test suite, of the benchmarks and of the samples.</summary>
internal static class SeedCorpus
{
    /// <summary>All modules, in an order that does not depend on the machine.</summary>
    public static List<(string Origin, byte[] Module)> Modules()
    {
        var modules = new List<(string Origin, byte[] Module)>();
        foreach (var script in SpecSuite.Find()?.Scripts ?? [])
            modules.AddRange(ModulesOf(script));
        foreach (var file in NodeTools.FilesOfRepository("*.wasm"))
            modules.Add((Path.GetFileName(file), File.ReadAllBytes(file)));
        return modules.FindAll(module => IsValid(module.Module));
    }

    /// <summary>The scripts of the suite.</summary>
    public static List<byte[]> Scripts() => [.. SpecSuite.Find()?.Scripts.Select(script => File.ReadAllBytes(script.File)) ?? []];

    public static bool IsValid(byte[] module)
    {
        try
        {
            Module.Validate(module);
            return true;
        }
        catch (ModuleException)
        {
            return false;
        }
    }

    private static IEnumerable<(string Origin, byte[] Module)> ModulesOf(SpecScript script)
    {
        foreach (var command in WastScript.Load(script.File).Commands.OfType<ModuleCommand>())
        {
            if (TryAssemble(command.Module) is { } module)
                yield return ($"{script.Path} line {command.Line}", module);
        }
    }

    private static byte[]? TryAssemble(WastModule module)
    {
        try
        {
            return module.Assemble().Binary;
        }
        catch (ModuleException)
        {
            return null;
        }
    }
}
