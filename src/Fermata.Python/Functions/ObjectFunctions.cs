using Fermata.Emscripten;
using Fermata.Python.Interop;
using Fermata.Python.Views;

namespace Fermata.Python.Functions;

/// <summary>Objects of .NET in Python, as their views have them.</summary>
internal static class ObjectFunctions
{
    /// <summary>Words of Python have an underscore behind them where they are names of attributes.</summary>
    private static readonly HashSet<string> ReservedWords = [.. "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield".Split(' ')];

    public static void Define(EmscriptenHost host, Interpreter python)
    {
        var views = python.Views;
        host
            .Define("JsProxy_compute_typeflags", (object? value, int _) => python.Try(() =>
            {
                python.HostMemory?.ChargeHeld(value!);
                return (int)views.Of(value!).TraitsOf(value!);
            }))
            .Define("is_comlink_proxy", (object? _) => 0)
            .Define("JsProxy_GetAttr_js", object? (object? value, int name) =>
                python.Try(() => views.Of(value!).TryGet(value!, Name(python, name), out var result) ? result : Marker.Error))
            .Define("JsProxy_SetAttr_js", (object? value, int name, object? attribute) => python.Try(() => views.Of(value!).TrySet(value!, Name(python, name), attribute)
                ? 0
                : throw new NotSupportedException($"The attribute {Name(python, name)} of {views.Of(value!).TypeNameOf(value!)} cannot be set.")))
            .Define("JsProxy_DelAttr_js", (object? value, int name) => python.Try(() => views.Of(value!).TryDelete(value!, Name(python, name))
                ? 0
                : throw new NotSupportedException($"The attribute {Name(python, name)} of {views.Of(value!).TypeNameOf(value!)} cannot be deleted.")))
            .Define("JsProxy_Dir_js", object? (object? value) => python.Try(() => views.Of(value!).NamesOf(value!).Select(name => (object?)(ReservedWords.Contains(name) ? name + "_" : name)).ToList()))
            .Define("JsModule_GetAll_js", object? (object? value) => python.Try(() => views.Of(value!).NamesOf(value!).ToList<object?>()))
            .Define("Jsv_constructorName", (object? value) => python.Try(() => python.NewText(views.Of(value!).TypeNameOf(value!)), failure: 0))
            .Define("JsvObject_toString", object? (object? value) => python.Try(() => Text(views, value)))
            .Define("get_length_helper", (object? value) => python.Try(() => (views.Of(value!).TraitsOf(value!) & HostTraits.HasLength) != 0 ? views.Of(value!).LengthOf(value!) : -2))
            .Define("JsProxy_GetIter_js", object? (object? value) => python.Try(() => BeginIteration(python, value!)))
            .Define("JsMap_GetIter_js", object? (object? value) => python.Try(() => BeginIteration(python, value!)))
            .Define("JsObjMap_GetIter_js", object? (object? value) => python.Try(() => BeginIteration(python, value!)))
            .Define("JsProxy_subscript_js", object? (object? value, object? key) => python.Try(() => IsThere(views, value!, key) ? CallMethod(python, value!, "get", key) : Marker.Error))
            .Define("handle_next_result_js", object? (object? step, int done, int message) => python.Try(() =>
            {
                var next = (IteratorStep)step!;
                python.Memory.Write(done, next.IsEnd ? 1 : 0);
                return next.Item;
            }))
            .Define("JsProxy_GetAsyncIter_js", object? (object? value) => python.Try(() => value as HostAsyncIterator ?? python.Iterations.Begin(HostAsyncIterator.Of(value!, python.Ending))))
            .Define("_agen_handle_result_js", (object? step, int _, int setResult, int setException, int isClosing) => python.Try(() => Await((Task<object?>)step!, python, setResult, setException, isClosing)))
            .Define("JsProxy_exit_js", (object? value) => python.Try(() =>
            {
                ((IDisposable)value!).Dispose();
                return 0;
            }))
            .Define("JsProxy_aexit_js", object? (object? value) => python.Try(() => ((IAsyncDisposable)value!).DisposeAsync().AsTask()))
            .Define("JsvFunction_Check", (object? value) => ValueFunctions.IsTrue(value is ExposedFunction or HostMethod))
            .Define("JsvGenerator_Check", (object? _) => 0)
            .Define("JsvAsyncGenerator_Check", (object? _) => 0)
            .Define("JsvFunction_CallBound", object? (object? function, object? _, object? arguments) => python.Try(() => python.Call(function!, (IReadOnlyList<object?>)arguments!)))
            .Define("JsvFunction_Call_OneArg", object? (object? function, object? argument) => python.Try(() => python.Call(function!, [argument])))
            .Define("JsvFunction_Construct", object? (object? _, object? _) => python.Try(object? () => throw new NotSupportedException("Python constructs no objects of the host.")))
            .Define("JsvObject_CallMethod", object? (object? value, object? name, object? arguments) => python.Try(() => CallMethod(python, value!, (string)name!, [.. (IEnumerable<object?>)arguments!])))
            .Define("JsvObject_CallMethod_NoArgs", object? (object? value, object? name) => python.Try(() => CallMethod(python, value!, (string)name!)))
            .Define("JsvObject_CallMethod_OneArg", object? (object? value, object? name, object? argument) => python.Try(() => CallMethod(python, value!, (string)name!, argument)))
            .Define("JsvObject_CallMethod_TwoArgs", object? (object? value, object? name, object? first, object? second) => python.Try(() => CallMethod(python, value!, (string)name!, first, second)));

        // One reference of Pyodide's for each object, as long as Python has one.
        host
            .Define("__hiwire_deduplicate_new", object () => new Dictionary<object, int>(HostEquality.Instance))
            .Define("__hiwire_deduplicate_get", (object? map, object? value) => ((Dictionary<object, int>)map!).GetValueOrDefault(value!))
            .Define("__hiwire_deduplicate_set", (object? map, object? value, int number) => { ((Dictionary<object, int>)map!)[value!] = number; })
            .Define("__hiwire_deduplicate_delete", (object? map, object? value) =>
            {
                ((Dictionary<object, int>)map!).Remove(value!);
                python.Iterations.Drop(value!);
            });
    }

    /// <summary>Has a future of Python get the next item of an asynchronous sequence, when it is there.</summary>
    private static int Await(Task<object?> step, Interpreter python, int setResult, int setException, int isClosing)
    {
        const int failed = -1;
        python.C.Retain(setResult);
        python.C.Retain(setException);
        _ = ContinueAsync();
        return 0;

        async Task ContinueAsync()
        {
            await ((Task)step).WaitAsync(python.Ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            if (python.Ending.IsCancellationRequested)
                return;
            try
            {
                await python.OnTurnAsync(() => python.Enter(() =>
                {
                    if (step.IsCompletedSuccessfully && step.Result is IteratorStep next)
                        python.C.HandleAsyncStep(setResult, setException, next.IsEnd ? 1 : 0, Interpreter.Outgoing(next.Item), isClosing);
                    else
                        python.C.HandleAsyncStep(setResult, setException, failed, ErrorOf(step), isClosing);
                    python.C.Release(setResult);
                    python.C.Release(setException);
                    return 0;
                })).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not PythonException)
            {
                // Nobody hears of what was to go on here.
                python.Fail(e);
            }
        }
    }

    /// <summary>Why a step failed: the exception of Python itself, if it was one.</summary>
    private static object ErrorOf(Task step) => Interpreter.FailureOf(step) is var failure && failure is PythonException { Kept: { IsDisposed: false } kept } ? kept : failure;

    private static HostIterator BeginIteration(Interpreter python, object value) => python.Views.Of(value).IteratorOf(value) switch
    {
        HostIterator iterator => iterator,
        var enumerator => python.Iterations.Begin(new HostIterator(enumerator)),
    };

    private static string Name(Interpreter python, int address)
    {
        var name = python.ReadText(address);
        return name.EndsWith('_') && ReservedWords.Contains(name[..^1]) ? name[..^1] : name;
    }

    private static string Text(HostViews views, object? value) => value is string or IConvertible ? Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)! : views.Of(value!).TextOf(value!);

    private static bool IsThere(HostViews views, object value, object? key) => !views.Of(value).TryGet(value, "has", out var has) || has is not HostMethod method || method([key]) is true;

    private static object? CallMethod(Interpreter python, object value, string name, params object?[] arguments) =>
        python.Views.Of(value).TryGet(value, name, out var method) && method is not null
            ? python.Call(method, arguments)
            : throw new MissingMethodException($"{python.Views.Of(value).TypeNameOf(value)} has no method {name}.");
}
