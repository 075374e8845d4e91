namespace Fermata.Tests.Merging;

/// <summary>Modules that are linked as instances, one after the other, or merged; and what they do then.</summary>
/// <remarks>
/// Every export whose name begins with <c>test</c> is called without arguments. What it returns or how it ends is noted, and what
/// the modules pass to the import <c>host log</c>.
/// </remarks>
internal sealed class Scenario(params (string Name, string Text)[] modules)
{
    private readonly List<string> _events = [];

    public IReadOnlyList<string> RunInstances()
    {
        using var store = new Store(new Engine());
        var linker = NewLinker(store.Engine);
        var instances = new List<Instance>();
        foreach (var (name, text) in modules)
        {
            instances.Add(linker.Instantiate(store, Module.Parse(store.Engine, text)));
            linker.DefineInstance(name, instances[^1]);
        }

        instances.ForEach(RunTests);
        return _events;
    }

    public IReadOnlyList<string> RunMerged()
    {
        using var store = new Store(new Engine());
        var merged = Module.Load(store.Engine, Merging.Merge(renamesConflicts: true, modules).Bytes);
        RunTests(NewLinker(store.Engine).Instantiate(store, merged));
        return _events;
    }

    private Linker NewLinker(Engine engine) => new Linker(engine).Define("host", "log", (int number) => _events.Add($"log {number}"));

    private void RunTests(Instance instance)
    {
        foreach (var export in instance.Module.Exports.Where(export => export.Name.StartsWith("test", StringComparison.Ordinal)))
            _events.Add($"{export.Name}: {Run(instance.GetFunction(export.Name))}");
    }

    private static string Run(Function function)
    {
        try
        {
            return string.Join(' ', function.Invoke());
        }
        catch (TrapException trap)
        {
            return $"{trap.Kind} in {string.Join(", ", trap.WasmStack.Select(frame => frame.FunctionName))}";
        }
        catch (WasmException exception)
        {
            return $"exception {string.Join(' ', exception.Values)}";
        }
    }
}
