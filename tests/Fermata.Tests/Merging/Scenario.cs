namespace Fermata.Tests.Merging;

/// <summary>Modules that are linked as instances, one after the other, or merged; and what they do then.</summary>
/// <remarks>
/// Every export whose name begins with <c>test</c> is called without arguments. What it returns or how it ends is noted, and what
/// the modules pass to the import <c>host log</c>. An instance reaches functions of a later one, or its own, through a host function: so these
/// have the type <c>(param i32) (result i32)</c>.
/// </remarks>
internal sealed class Scenario(params (string Name, string Text)[] modules)
{
    private readonly List<string> _events = [];

    public IReadOnlyList<string> RunInstances()
    {
        using var store = new Store(new Engine());
        var linker = NewLinker(store.Engine);
        var instances = new List<Instance>();
        var exports = new HashSet<(string, string)>();
        foreach (var (name, text) in modules)
        {
            var module = Module.Parse(store.Engine, text);
            foreach (var import in module.Imports.Where(import => import.Module != "host" && !exports.Contains((import.Module, import.Name))))
                linker.Define(import.Module, import.Name, (int number) => FindFunction(instances, import.Name)(number));
            instances.Add(linker.Instantiate(store, module));
            linker.AllowRedefinition = true;
            linker.DefineInstance(name, instances[^1]);
            exports.UnionWith(module.Exports.Select(export => (name, export.Name)));
        }

        instances.ForEach(RunTests);
        return _events;
    }

    private static Func<int, int> FindFunction(List<Instance> instances, string name) =>
        instances.Find(instance => instance.TryGetFunction(name, out _))!.GetFunction<Func<int, int>>(name);

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
