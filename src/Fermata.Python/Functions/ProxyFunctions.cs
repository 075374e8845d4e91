using System.Collections;
using Fermata.Emscripten;
using Fermata.Python.Interop;
using Fermata.Python.Views;

namespace Fermata.Python.Functions;

/// <summary>Objects of Python in .NET.</summary>
internal static class ProxyFunctions
{
    public static void Define(EmscriptenHost host, Interpreter python) => host
        .Define("pyproxy_new", object? (int pointer) => python.Share(pointer))
        .Define("pyproxy_new_ex", object? (int pointer, int _, int _, int _, int _) => python.Share(pointer))
        .Define("pyproxy_Check", (object? value) => ValueFunctions.IsTrue(value is PythonObject))
        .Define("pyproxy_AsPyObject", (object? value) => value is PythonObject { IsDisposed: false } proxy ? proxy.Pointer : 0)
        .Define("JsDoubleProxy_unwrap_js", (object? value) => python.Try(() => ((PythonObject)value!).Pointer, failure: 0))
        .Define("destroy_proxy", (object? proxy, int _) => { (proxy as PythonObject)?.Dispose(); })
        .Define("destroy_proxies", (object? proxies, int _) => { DisposeAll(proxies); })
        .Define("destroy_proxies_js", (object? proxies) => python.Try(() => DisposeAll(proxies)))
        .Define("destroy_jsarray_entries", (object? proxies) => { DisposeAll(proxies); })
        .Define("gc_register_proxies", (object? _) => { })
        .Define("proxy_cache_get", object? (object? _, int _) => Marker.Error)
        .Define("proxy_cache_set", (object? _, int _, object? _) => { })

        // A function that lends its arguments to a task takes them back when that is complete.
        .Define("get_async_js_call_done_callback", object? (object? proxies) => (HostMethod)(_ => DisposeAll(proxies)))
        .Define("create_once_callable", object? (int pointer, int maySuspend) => python.Try(() => (HostMethod)new OnceCallable(python, python.Share(pointer), maySuspend != 0).Call))
        .Define("create_promise_handles", object? (int onResult, int onException, object? done, int converter) =>
            python.Try(() => Handles(new PromiseHandles(python, Optional(python, onResult), Optional(python, onException), done as HostMethod, Optional(python, converter)))))
        .Define("JsvPromise_Check", (object? value) => ValueFunctions.IsTrue(value is Task))
        .Define("JsvPromise_Resolve", object? (object? value) => Interpreter.Outgoing(value) as Task<object?> ?? Task.FromResult(value));

    private static PythonObject? Optional(Interpreter python, int pointer) => pointer == 0 ? null : python.Share(pointer);

    private static int DisposeAll(object? proxies)
    {
        foreach (var proxy in ((IEnumerable)proxies!).OfType<PythonObject>())
            proxy.Dispose();
        return 0;
    }

    private static List<object?> Handles(PromiseHandles handles) => [(HostMethod)handles.Fulfil, (HostMethod)handles.Reject];
}
