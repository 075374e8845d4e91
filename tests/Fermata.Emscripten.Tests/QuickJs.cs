using System.Collections.Concurrent;
using Fermata.Samples.SqliteAsync;

namespace Fermata.Emscripten.Tests;

/// <summary>
/// QuickJS, in the build that was made for hosts which cannot wait. Its names are minified, and host functions of its scripts wait all the same: it is one import by which it calls
/// them all.
/// </summary>
internal sealed class QuickJs : IAsyncDisposable
{
    /// <summary>What the JavaScript beside the module gives each import to, and calls each export.</summary>
    private static readonly EmscriptenNames Names = new()
    {
        Imports = new Dictionary<string, string>
        {
            ["a.a"] = "memory",
            ["a.b"] = "__assert_fail",
            ["a.c"] = "fd_write",
            ["a.d"] = "fd_close",
            ["a.e"] = "environ_get",
            ["a.f"] = "environ_sizes_get",
            ["a.g"] = "qts_host_normalize_module",
            ["a.h"] = "qts_host_load_module_source",
            ["a.i"] = "qts_host_interrupt_handler",
            ["a.j"] = "_setitimer_js",
            ["a.k"] = "emscripten_resize_heap",
            ["a.l"] = "_emscripten_runtime_keepalive_clear",
            ["a.m"] = "_localtime_js",
            ["a.n"] = "_tzset_js",
            ["a.o"] = "fd_seek",
            ["a.p"] = "emscripten_date_now",
            ["a.q"] = "_abort_js",
            ["a.r"] = "proc_exit",
            ["a.s"] = "qts_host_call_function",
            ["a.t"] = "qts_host_free_host_ref",
        },
        Exports = new Dictionary<string, string>
        {
            ["u"] = "__wasm_call_ctors",
            ["v"] = "malloc",
            ["w"] = "QTS_Throw",
            ["x"] = "QTS_NewError",
            ["y"] = "QTS_RuntimeSetMemoryLimit",
            ["D"] = "QTS_RuntimeSetMaxStackSize",
            ["K"] = "QTS_NewRuntime",
            ["L"] = "QTS_FreeRuntime",
            ["M"] = "free",
            ["N"] = "QTS_NewContext",
            ["O"] = "QTS_FreeContext",
            ["P"] = "QTS_FreeValuePointer",
            ["S"] = "QTS_FreeCString",
            ["_"] = "QTS_NewString",
            ["$"] = "QTS_GetString",
            ["ga"] = "QTS_ExecutePendingJob",
            ["ja"] = "QTS_SetProp",
            ["na"] = "QTS_ResolveException",
            ["pa"] = "QTS_Eval",
            ["ua"] = "QTS_GetGlobalObject",
            ["Da"] = "QTS_NewFunction",
            ["Ea"] = "QTS_ArgvGetJSValueConstPointer",
            ["Fa"] = "QTS_RuntimeEnableInterruptHandler",
            ["Ha"] = "QTS_RuntimeEnableModuleLoader",
            ["La"] = "_emscripten_timeout",
            ["Ma"] = "_emscripten_stack_restore",
            ["Na"] = "_emscripten_stack_alloc",
            ["Oa"] = "emscripten_stack_get_current",
        },
    };

    private readonly ConcurrentDictionary<int, QuickJsContext> _byContext = [], _byRuntime = [];

    private QuickJs(EmscriptenInstance instance) => Instance = instance;

    public EmscriptenInstance Instance { get; }

    public static async Task<QuickJs> StartAsync(bool suspendsEverywhere, StoreOptions? options = null)
    {
        var program = await NpmProgram.LoadAsync("@jitl/quickjs-wasmfile-release-sync", "dist/emscripten-module.wasm", suspendsEverywhere, names: Names);
        QuickJs? js = null;
        var host = new EmscriptenHost()
            .Define(
                "qts_host_call_function",
                (int context, int self, int count, int values, int function, CancellationToken token) => js!._byContext[context].CallAsync(count, values, function, token),
                (Caller _, Func<int> complete, int context, int self, int count, int values, int function) => complete())
            .Define("qts_host_interrupt_handler", async (int runtime) => await js!._byRuntime[runtime].Interrupts() ? 1 : 0)
            .Define(
                "qts_host_load_module_source",
                (Caller caller, int runtime, int context, int name) => js!._byContext[context].LoadModuleAsync(caller.Memory.ReadUtf8(name)),
                (Caller _, string? source, int runtime, int context, int name) => source is null ? 0 : GuestBytes.OfText(js!.Instance, source).Address)
            .Define("qts_host_free_host_ref", (int runtime, int id) => { })
            .WithUnknownImportsAsTraps();
        return js = new QuickJs(await program.StartAsync(host, options));
    }

    /// <summary>Makes a context, in a runtime of its own: what runs in a runtime has one stack of frames, so that calls of it cannot interleave.</summary>
    public async Task<QuickJsContext> NewContextAsync()
    {
        var runtime = await InvokeAsync("QTS_NewRuntime");
        var context = new QuickJsContext(this, runtime, await InvokeAsync("QTS_NewContext", runtime, 0));
        (_byContext[context.Context], _byRuntime[runtime]) = (context, context);
        return context;
    }

    public ValueTask DisposeAsync() => Instance.DisposeAsync();

    /// <summary>Calls a function, which may wait.</summary>
    public async Task<int> InvokeAsync(string name, params Value[] arguments) => await Instance.GetFunction(name).InvokeAsync(arguments) is [var result] ? result.AsI32() : 0;

    /// <summary>Calls a function in the middle of another call.</summary>
    public int Invoke(string name, params Value[] arguments) => Instance.GetFunction(name).Invoke(arguments) is [var result] ? result.AsI32() : 0;
}
