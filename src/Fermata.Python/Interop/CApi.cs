using Fermata.Emscripten;

namespace Fermata.Python.Interop;

/// <summary>The functions of CPython and of Pyodide's C code that .NET calls. Pointers are references that are borrowed, unless it says new; 0, or -1, is an exception.</summary>
internal sealed class CApi(EmscriptenInstance instance)
{
    /// <summary>That an object can be awaited, among its flags.</summary>
    public const int IsAwaitable = 1 << 6;

    public Func<int, int> Allocate { get; } = instance.GetFunction<Func<int, int>>("malloc");

    public Action<int> Free { get; } = instance.GetFunction<Action<int>>("free");

    public Action<int> Retain { get; } = instance.GetFunction<Action<int>>("Py_IncRef");

    public Action<int> Release { get; } = instance.GetFunction<Action<int>>("Py_DecRef");

    /// <summary>New.</summary>
    public Func<int> None { get; } = instance.GetFunction<Func<int>>("_js2python_none");

    /// <summary>New: Pyodide's <c>jsnull</c>.</summary>
    public Func<int> Null { get; } = instance.GetFunction<Func<int>>("_js2python_null");

    /// <summary>New.</summary>
    public Func<int> True { get; } = instance.GetFunction<Func<int>>("_js2python_true");

    /// <summary>New.</summary>
    public Func<int> False { get; } = instance.GetFunction<Func<int>>("_js2python_false");

    /// <summary>New.</summary>
    public Func<double, int> FromDouble { get; } = instance.GetFunction<Func<double, int>>("PyFloat_FromDouble");

    /// <summary>New.</summary>
    public Func<long, int> FromInt64 { get; } = instance.GetFunction<Func<long, int>>("PyLong_FromLongLong");

    /// <summary>New: a text of a length, with the largest code point that it has.</summary>
    public Func<int, int, int> NewUnicode { get; } = instance.GetFunction<Func<int, int, int>>("PyUnicode_New");

    public Func<int, int> UnicodeData { get; } = instance.GetFunction<Func<int, int>>("PyUnicode_Data");

    /// <summary>New: a proxy of an object of .NET.</summary>
    public Func<object, int> NewProxy { get; } = instance.GetFunction<Func<object, int>>("JsProxy_create");

    /// <summary>The value that is an object of Python's, if it is not changeable, or else a <see cref="PythonObject"/>.</summary>
    public Func<int, object?> ToHost { get; } = instance.GetFunction<Func<int, object?>>("python2js");

    /// <summary>The value with all that it contains, to a depth, or to its ground (-1); proxies are added to a list.</summary>
    public Func<int, int, object, object?> ToHostDeeply { get; } = instance.GetFunction<Func<int, int, object, object?>>("python2js_with_depth");

    /// <summary>The exception that is set, which is then set no more.</summary>
    public Func<object?> WrapException { get; } = instance.GetFunction<Func<object?>>("wrap_exception");

    /// <summary>Sets the last exception again, if it is this one; whether it is.</summary>
    public Func<int, int> RestoreLastException { get; } = instance.GetFunction<Func<int, int>>("restore_sys_last_exception");

    public Action<int> SetError { get; } = instance.GetFunction<Action<int>>("set_error");

    /// <summary>Sets an exception of a type.</summary>
    public Action<int> SetErrorType { get; } = instance.GetFunction<Action<int>>("PyErr_SetNone");

    public Action<int> SetRaisedException { get; } = instance.GetFunction<Action<int>>("PyErr_SetRaisedException");

    /// <summary>Prints the exception that is set, as what nobody can catch, and where it came from, an object.</summary>
    public Action<int> WriteUnraisable { get; } = instance.GetFunction<Action<int>>("PyErr_WriteUnraisable");

    /// <summary>Calls an object with a list of values, behind which are those by name, as many as there are names.</summary>
    public Func<int, object, int, object, int, object?> Apply { get; } = instance.GetFunction<Func<int, object, int, object, int, object?>>("_pyproxy_apply");

    /// <summary>The same, as a call that may wait; writes an exception to an address, and returns a list with the result.</summary>
    public Func<object, int, object, int, object, int, int, Task<object?>> ApplyPromising { get; } = Promising(instance);

    /// <summary>New.</summary>
    public Func<int, int, int> GetItem { get; } = instance.GetFunction<Func<int, int, int>>("PyObject_GetItem");

    public Func<int, int, int, int> SetItem { get; } = instance.GetFunction<Func<int, int, int, int>>("PyObject_SetItem");

    public Func<int, int, int> DeleteItem { get; } = instance.GetFunction<Func<int, int, int>>("PyObject_DelItem");

    public Func<int, int, int> Contains { get; } = instance.GetFunction<Func<int, int, int>>("PySequence_Contains");

    /// <summary>New.</summary>
    public Func<int, int, int> GetAttribute { get; } = instance.GetFunction<Func<int, int, int>>("PyObject_GetAttr");

    public Func<int, int, int, int> SetAttribute { get; } = instance.GetFunction<Func<int, int, int, int>>("PyObject_SetAttr");

    /// <summary>New.</summary>
    public Func<int, int> Text { get; } = instance.GetFunction<Func<int, int>>("PyObject_Str");

    public Func<int, int> Length { get; } = instance.GetFunction<Func<int, int>>("PyObject_Size");

    /// <summary>New.</summary>
    public Func<int, int> Iterator { get; } = instance.GetFunction<Func<int, int>>("PyObject_GetIter");

    /// <summary>New; 0 without an exception is the end.</summary>
    public Func<int, int> Next { get; } = instance.GetFunction<Func<int, int>>("PyIter_Next");

    public Func<int> ErrorOccurred { get; } = instance.GetFunction<Func<int>>("PyErr_Occurred");

    /// <summary>New.</summary>
    public Func<int, int> ImportModule { get; } = instance.GetFunction<Func<int, int>>("PyImport_ImportModule");

    public Func<int, object?> TypeName { get; } = instance.GetFunction<Func<int, object?>>("_pyproxy_type");

    /// <summary>Gives the future of a task its result: a function, a converter, the result.</summary>
    public Func<int, int, object?, int> ResolvePromise { get; } = instance.GetFunction<Func<int, int, object?, int>>("create_promise_handles_result_helper");

    /// <summary>Fills a <c>Py_buffer</c> with that of an object, for what some flags ask.</summary>
    public Func<int, int, int, int> GetBuffer { get; } = instance.GetFunction<Func<int, int, int, int>>("PyObject_GetBuffer");

    public Action<int> ReleaseBuffer { get; } = instance.GetFunction<Action<int>>("PyBuffer_Release");

    /// <summary>Gives the future of an asynchronous step its result: two functions, whether it is the end (-1 for an exception), the item, whether the sequence is being closed.</summary>
    public Action<int, int, int, object?, int> HandleAsyncStep { get; } = instance.GetFunction<Action<int, int, int, object?, int>>("_agen_handle_result_js_c");

    /// <summary>Puts away the thread state of the promising call that runs; 0 while it has none, as it waits for the system.</summary>
    public Func<int> CaptureThreadState { get; } = instance.GetFunction<Func<int>>("captureThreadState");

    /// <summary>Goes on with a promising call.</summary>
    public Action<int> RestoreThreadState { get; } = instance.GetFunction<Action<int>>("restoreThreadState");

    /// <summary>The thread state that is current; 0 if there is none.</summary>
    public Func<int> CurrentThreadState { get; } = instance.GetFunction<Func<int>>("PyThreadState_GetUnchecked");

    public Func<int> MainInterpreter { get; } = instance.GetFunction<Func<int>>("PyInterpreterState_Main");

    /// <summary>The newest thread state of an interpreter.</summary>
    public Func<int, int> FirstThreadState { get; } = instance.GetFunction<Func<int, int>>("PyInterpreterState_ThreadHead");

    /// <summary>The one before; 0 if there is none.</summary>
    public Func<int, int> NextThreadState { get; } = instance.GetFunction<Func<int, int>>("PyThreadState_Next");

    /// <summary>New: what an object returns that is called without arguments.</summary>
    public Func<int, int> CallNoArguments { get; } = instance.GetFunction<Func<int, int>>("PyObject_CallNoArgs");

    /// <summary>Writes the value of a variable of the context to an address, a new reference: the variable, a value for where it has none, or 0, the address.</summary>
    public Func<int, int, int, int> GetContextVariable { get; } = instance.GetFunction<Func<int, int, int, int>>("PyContextVar_Get");

    public Func<int, int> ToInt32 { get; } = instance.GetFunction<Func<int, int>>("PyLong_AsLong");

    /// <summary>New: a list of a length, to be filled.</summary>
    public Func<int, int> NewList { get; } = instance.GetFunction<Func<int, int>>("PyList_New");

    /// <summary>Takes over the reference.</summary>
    public Func<int, int, int, int> SetListItem { get; } = instance.GetFunction<Func<int, int, int, int>>("PyList_SetItem");

    /// <summary>New.</summary>
    public Func<int> NewDictionary { get; } = instance.GetFunction<Func<int>>("PyDict_New");

    /// <summary>Interns a value as a reference of Pyodide's.</summary>
    public Func<object?, int> Intern { get; } = instance.GetFunction<Func<object?, int>>("hiwire_intern");

    /// <summary>What can be done with an object (<see cref="IsAwaitable"/>).</summary>
    public Func<int, int, int> Flags { get; } = instance.GetFunction<Func<int, int, int>>("pyproxy_getflags");

    /// <summary>Runs a coroutine or another awaitable, and calls one of two functions of .NET at its end.</summary>
    public Func<int, object, object, int> EnsureFuture { get; } = instance.GetFunction<Func<int, object, object, int>>("_pyproxy_ensure_future");

    private readonly Func<int, int, int, int, int> _fromBytes = instance.GetFunction<Func<int, int, int, int, int>>("_PyLong_FromByteArray");

    /// <summary>New: the number of some bytes, little-endian and with a sign.</summary>
    public int FromBytes(int address, int length) => _fromBytes(address, length, 1, 1);

    private static Func<object, int, object, int, object, int, int, Task<object?>> Promising(EmscriptenInstance instance)
    {
        var function = instance.GetFunction("_pyproxy_apply_promising");
        return async (call, callable, arguments, count, names, named, exception) =>
            (await function.InvokeAsync(Value.FromExternRef(call), callable, Value.FromExternRef(arguments), count, Value.FromExternRef(names), named, exception).ConfigureAwait(false))[0].AsRef();
    }
}
