namespace Fermata.Tests.Threads;

/// <summary>
/// Stores that share a memory, which their modules import as <c>env.memory</c>. Each instance gets a store of its own; those of the same text
/// share the module.
/// </summary>
public sealed class SharedGuest : IDisposable
{
    private readonly string _import;
    private readonly Dictionary<string, Module> _modules = [];
    private readonly List<Store> _stores = [];

    public SharedGuest(bool suspendEverywhere = false, uint pages = 1)
    {
        Engine = new Engine(new EngineOptions { SuspendEverywhere = suspendEverywhere });
        Memory = new Memory(new MemoryType(new Limits(1, pages), IsShared: true));
        _import = $"""(import "env" "memory" (memory 1 {pages} shared)) """;
    }

    public Engine Engine { get; }

    public Memory Memory { get; }

    /// <summary>Makes an instance in a new store.</summary>
    /// <param name="fields">The fields of the module in the text format, other imports first.</param>
    /// <param name="imports">Functions of the module <c>env</c>.</param>
    public Instance Instantiate(string fields, params ReadOnlySpan<(string Name, Delegate Function)> imports)
    {
        var store = new Store(Engine);
        _stores.Add(store);
        var linker = new Linker(Engine).Define("env", "memory", Memory);
        foreach (var (name, function) in imports)
            linker.Define("env", name, function);
        if (!_modules.TryGetValue(fields, out var module))
            _modules.Add(fields, module = Module.Parse(Engine, _import + fields));
        return linker.Instantiate(store, module);
    }

    /// <summary>Runs something for each instance on a thread of its own.</summary>
    public static void RunOnThreads<T>(IEnumerable<T> items, Action<T> run)
    {
        var failures = new List<Exception>();
        var threads = items.Select(item => new Thread(() =>
        {
            var failure = Record.Exception(() => run(item));
            if (failure is not null)
            {
                lock (failures)
                    failures.Add(failure);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        foreach (var thread in threads)
            Assert.True(thread.Join(TimeSpan.FromMinutes(5)), "The thread should have ended.");
        Assert.Empty(failures);
    }

    /// <summary>Wakes one waiter at an address, once there is one.</summary>
    public void NotifyOne(int address) =>
        Assert.True(SpinWait.SpinUntil(() => Memory.Notify(address, 1) == 1, TimeSpan.FromMinutes(5)), "Nobody waits.");

    public void Dispose() => _stores.ForEach(store => store.Dispose());
}
