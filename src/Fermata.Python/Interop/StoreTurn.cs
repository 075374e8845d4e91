namespace Fermata.Python.Interop;

/// <summary>Lets code of .NET run on the turn of a store, as a call does: when nothing else runs there, without holding a thread until then.</summary>
internal static class StoreTurn
{
    private const string Text = """(module (import "host" "run" (func $run (param externref))) (func (export "run") (param externref) (call $run (local.get 0))))""";

    /// <summary>Compiles what makes the calls, once for all stores of an engine.</summary>
    public static Module Load(Engine engine) => Module.Parse(engine, Text);

    /// <summary>What takes the turn in a store.</summary>
    /// <returns>A function whose argument is an <see cref="Action"/>, and whose task is complete when that has returned.</returns>
    public static Func<object, Task> In(Store store, Module module) => new Linker(store.Engine)
        .Define("host", "run", (object action) => ((Action)action)())
        .Instantiate(store, module)
        .GetFunction<Func<object, Task>>("run");
}
