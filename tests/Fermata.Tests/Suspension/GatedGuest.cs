using System.Collections.Concurrent;

namespace Fermata.Tests.Suspension;

/// <summary>A store whose modules import <c>$wait</c>, which waits for the gate of a number; the tests open the gates, in the order they like.</summary>
public sealed class GatedGuest : IDisposable
{
    private const string WaitImport = """(import "env" "wait" (func $wait (param i32) (result i32))) """;

    private readonly ConcurrentDictionary<int, Gate> _gates = [];

    public GatedGuest(bool suspendEverywhere = false, StoreOptions? options = null)
    {
        Engine = new Engine(new EngineOptions { SuspendEverywhere = suspendEverywhere });
        Store = new Store(Engine, options ?? StoreOptions.Default);
        Linker = new Linker(Engine);
        Linker.Define("env", "wait", (int gate) =>
        {
            Waits++;
            return Gate(gate).Wait();
        });
    }

    public Engine Engine { get; }

    public Store Store { get; }

    public Linker Linker { get; }

    /// <summary>How often the import was called.</summary>
    public int Waits { get; private set; }

    /// <summary>Makes an instance of a module that has <c>$wait</c> as its first import.</summary>
    /// <param name="fields">The fields of the module in the text format, other imports first.</param>
    public Instance Instantiate(string fields)
    {
        // So that what async methods of the tests await goes on where it was completed, too (see Gate).
        SynchronizationContext.SetSynchronizationContext(null);
        return Linker.Instantiate(Store, Module.Parse(Engine, WaitImport + fields));
    }

    public Gate Gate(int number) => _gates.GetOrAdd(number, static _ => new Gate());

    /// <summary>Opens a gate: who waits there gets the value, now or later.</summary>
    public void Open(int gate, int value) => Gate(gate).Open(value);

    /// <summary>Opens a gate whose value is its number.</summary>
    public void Open(int gate) => Open(gate, gate);

    public void Dispose() => Store.Dispose();
}
