namespace Fermata.Tests.Hosting;

/// <summary>
/// QuickJS as others publish it for JavaScript hosts, built by Emscripten with -O3: one memory and one C stack for all JavaScript engines in it. The names of
/// imports and exports are minified, and the functions that read and write the stack pointer are "Oa" and "Ma"; the comments give them as the glue code of the
/// package does.
/// </summary>
public sealed class QuickJs : IDisposable
{
    private static readonly NpmPackages Packages = new("tests", "Fermata.Tests", "npm");
    private static readonly Engine Engine = new(new EngineOptions { UsesFuel = true });
    private static readonly Lazy<Module> Program =
        new(() => Module.LoadFile(Engine, Packages["@jitl/quickjs-wasmfile-release-sync", Path.Combine("dist", "emscripten-module.wasm")]));

    private readonly Store _store;
    private readonly Memory _memory;
    private readonly Func<int, int> _malloc;
    private readonly Func<int, double, int> _newNumber;
    private readonly Func<int, int, double> _getNumber;
    private readonly Func<int, int, int, int, int, int, Task<int>> _evaluate;

    /// <param name="options">The options of the store.</param>
    /// <param name="wait">What the JavaScript function <c>wait</c> waits for, by the number of the engine that calls it.</param>
    public QuickJs(StoreOptions options, Func<int, Task<double>> wait)
    {
        // Enough for some scripts; where their stack is corrupt they may run forever.
        _store = new Store(Engine, options) { Fuel = 200_000_000 };
        _memory = new Memory(_store, new MemoryType(new Limits(256, 32768)));
        Instance = DefineImports(wait).Instantiate(_store, Program.Value);
        _malloc = Instance.GetFunction<Func<int, int>>("v");
        _newNumber = Instance.GetFunction<Func<int, double, int>>("Y"); // QTS_NewFloat64
        _getNumber = Instance.GetFunction<Func<int, int, double>>("Z"); // QTS_GetFloat64
        _evaluate = Instance.GetFunction<Func<int, int, int, int, int, int, Task<int>>>("pa"); // QTS_Eval
        Instance.GetFunction<Action>("u")(); // __wasm_call_ctors
    }

    public Instance Instance { get; }

    public void Dispose() => _store.Dispose();

    /// <summary>Runs a script in a JavaScript engine of its own.</summary>
    /// <param name="number">The number of the engine.</param>
    /// <param name="script">The script.</param>
    /// <returns>What its last expression is as a number.</returns>
    public async Task<double> EvaluateAsync(int number, string script)
    {
        var runtime = Call("K"); // QTS_NewRuntime
        var context = Call("N", runtime, 0); // QTS_NewContext
        var function = Call("Da", context, Text("wait"), 0, 0, number); // QTS_NewFunction
        Call("ja", context, Call("ua", context), Call("_", context, Text("wait")), function); // QTS_SetProp, QTS_GetGlobalObject, QTS_NewString
        return _getNumber(context, await _evaluate(context, Text(script), script.Length, Text("script.js"), 0, 0));
    }

    private int Call(string name, params ReadOnlySpan<int> arguments)
    {
        var values = new Value[arguments.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = arguments[i];
        return Instance.GetFunction(name).Invoke(values) is [var result] ? result.AsI32() : 0;
    }

    private int Text(string text)
    {
        var address = _malloc(text.Length + 1);
        _memory.WriteUtf8(address, text, zeroTerminated: true);
        return address;
    }

    private Linker DefineImports(Func<int, Task<double>> wait)
    {
        // What is not defined is not called: files, local time, timers, modules.
        var linker = new Linker(Engine).Define("a", "a", _memory).DefineUnknownImportsAsTraps(Program.Value);
        linker.Define("a", "s", async (int context, int self, int count, int arguments, int function) => _newNumber(context, await wait(function))); // callFunction
        linker.Define("a", "i", (int runtime) => 0); // shouldInterrupt
        linker.Define("a", "t", (int runtime, int function) => { }); // freeHostRef
        linker.Define("a", "p", () => 0.0); // emscripten_date_now
        linker.Define("a", "k", (int bytes) => 0); // emscripten_resize_heap: there are 16 MiB
        linker.Define("a", "f", int (int count, int bytes) => // environ_sizes_get
        {
            _memory.Write(count, 0);
            _memory.Write(bytes, 0);
            return 0;
        });
        linker.Define("a", "e", (int variables, int bytes) => 0); // environ_get
        linker.Define("a", "q", void () => throw new InvalidOperationException("abort"));
        linker.Define("a", "b", void (int condition, int file, int line, int function) => // __assert_fail
            throw new InvalidOperationException($"Assertion failed: {_memory.ReadUtf8(condition)}"));
        return linker;
    }
}
