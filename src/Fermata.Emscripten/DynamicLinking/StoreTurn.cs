namespace Fermata.Emscripten.DynamicLinking;

/// <summary>Does things of the host on the turn of a store, for which no thread waits: as the start function of a module that has nothing else.</summary>
internal sealed class StoreTurn(Store store)
{
    private readonly Lazy<Module> _module = new(() => Module.Load(
        store.Engine, ModuleInfo.Parse("""(import "host" "run" (func $run)) (func $start (call $run)) (start $start)""").Bytes));

    public Task RunAsync(Action action, CancellationToken cancellationToken) =>
        new Linker(store.Engine).Define("host", "run", action).InstantiateAsync(store, _module.Value, cancellationToken);
}
