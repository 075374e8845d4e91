namespace Fermata.Tests.Hosting;

/// <summary>An engine with one store and one linker, for tests that need a module in the text format and its host.</summary>
public sealed class Guest : IDisposable
{
    public Guest(StoreOptions? options = null, EngineOptions? engine = null)
    {
        Engine = new Engine(engine ?? EngineOptions.Default);
        Store = new Store(Engine, options ?? StoreOptions.Default);
        Linker = new Linker(Engine);
    }

    public Engine Engine { get; }

    public Store Store { get; }

    public Linker Linker { get; }

    public Instance Instantiate(string text) => Linker.Instantiate(Store, Module.Parse(Engine, text));

    public void Dispose() => Store.Dispose();
}
