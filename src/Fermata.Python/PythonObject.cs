using System.Dynamic;
using System.Runtime.CompilerServices;
using Fermata.Python.Interop;

namespace Fermata.Python;

/// <summary>
/// An object of Python: call it, read and write its attributes and items, iterate it, convert it. It is kept alive until it is disposed or collected. Members without
/// <c>Async</c> hold their thread until nothing else runs in the interpreter, and Python cannot wait in them (<c>run_sync</c> fails).
/// </summary>
/// <remarks>Objects that a function of the host gets as arguments are lent to it until it returns, or its task is complete; <see cref="Copy"/> keeps one.</remarks>
public sealed class PythonObject : DynamicObject, IDisposable
{
    private readonly Interpreter _interpreter;
    private int _pointer;

    internal PythonObject(Interpreter interpreter, int pointer) => (_interpreter, _pointer) = (interpreter, pointer);

    /// <summary>Gives the object back.</summary>
    ~PythonObject() => Dispose();

    /// <summary>The name of its type in Python, such as <c>list</c>.</summary>
    public string TypeName => _interpreter.Enter(() => _interpreter.C.TypeName(Pointer)) as string ?? "object";

    /// <summary>How many items it has: Python's <c>len</c>.</summary>
    /// <exception cref="PythonException">It has no length.</exception>
    public int Length => _interpreter.Enter(() => _interpreter.RequireSuccess(_interpreter.C.Length(Pointer)));

    internal bool IsDisposed => _pointer == 0;

    /// <summary>Where it is, for comparison; 0 if it was given back.</summary>
    internal int PointerOrZero => _pointer;

    /// <summary>Its address, as long as it was not given back.</summary>
    /// <exception cref="ObjectDisposedException">It was.</exception>
    internal int Pointer => _pointer != 0 ? _pointer : throw new ObjectDisposedException(nameof(PythonObject), "This object of Python was given back. Use Copy to keep one that was lent.");

    /// <summary>An item, as Python's brackets have it.</summary>
    /// <param name="key">The key or index.</param>
    /// <exception cref="PythonException">There is none, or Python failed otherwise.</exception>
    public PythonObject this[object key]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(key);
            return _interpreter.Enter(() => With(key, pointer => _interpreter.Own(_interpreter.Require(_interpreter.C.GetItem(Pointer, pointer)))));
        }
    }

    /// <summary>Sets an item, as Python's brackets have it.</summary>
    /// <param name="key">The key or index.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="PythonException">Python failed.</exception>
    public void SetItem(object key, object? value)
    {
        ArgumentNullException.ThrowIfNull(key);
        _interpreter.Enter(() => With(key, k => With(value, v => _interpreter.RequireSuccess(_interpreter.C.SetItem(Pointer, k, v)))));
    }

    /// <summary>Removes an item: Python's <c>del</c>.</summary>
    /// <param name="key">The key or index.</param>
    /// <exception cref="PythonException">There is none, or Python failed otherwise.</exception>
    public void RemoveItem(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        _interpreter.Enter(() => With(key, k => _interpreter.RequireSuccess(_interpreter.C.DeleteItem(Pointer, k))));
    }

    /// <summary>Whether it contains a value: Python's <c>in</c>.</summary>
    /// <param name="value">The value.</param>
    /// <exception cref="PythonException">Python failed.</exception>
    public bool Contains(object? value) => _interpreter.Enter(() => With(value, v => _interpreter.RequireSuccess(_interpreter.C.Contains(Pointer, v)))) == 1;

    /// <summary>Reads an attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="PythonException">There is none, or Python failed otherwise.</exception>
    public PythonObject GetAttribute(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _interpreter.Enter(() => With(name, n => _interpreter.Own(_interpreter.Require(_interpreter.C.GetAttribute(Pointer, n)))));
    }

    /// <summary>Writes an attribute.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="PythonException">Python failed.</exception>
    public void SetAttribute(string name, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _interpreter.Enter(() => With(name, n => With(value, v => _interpreter.RequireSuccess(_interpreter.C.SetAttribute(Pointer, n, v)))));
    }

    /// <summary>Calls it, with arguments by position. Python cannot wait in it: <see cref="CallPromisingAsync(object[])"/> is for that.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>What it returns.</returns>
    /// <exception cref="PythonException">Python failed.</exception>
    public PythonObject Call(params ReadOnlySpan<object?> arguments) => Wrap(Apply([.. arguments]));

    /// <inheritdoc cref="Call(ReadOnlySpan{object})"/>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <exception cref="InvalidCastException">The result is not of this type.</exception>
    public T Call<T>(params ReadOnlySpan<object?> arguments) => Convert<T>(Apply([.. arguments]));

    /// <summary>Calls it as a promising call: where Python waits, by <c>run_sync</c> or otherwise, others run, and no thread is held.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>What it returns; if that is a coroutine or another awaitable, it is awaited as well.</returns>
    /// <exception cref="PythonException">Python failed.</exception>
    public async Task<PythonObject> CallPromisingAsync(params object?[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return Wrap(await _interpreter.CallPromisingAsync(this, arguments).ConfigureAwait(false));
    }

    /// <inheritdoc cref="CallPromisingAsync(object[])"/>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <exception cref="InvalidCastException">The result is not of this type.</exception>
    public async Task<T> CallPromisingAsync<T>(params object?[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return Convert<T>(await _interpreter.CallPromisingAsync(this, arguments).ConfigureAwait(false));
    }

    /// <summary>Calls it as a promising call that can be cancelled.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="cancellationToken">
    /// Cancels it. Where Python awaits something, or waits by <c>run_sync</c>, that is cancelled first: a task of asyncio, or what a function of the host does that takes a token; then
    /// <c>asyncio.CancelledError</c> is raised there. Code that computes or reads standard input gets <c>KeyboardInterrupt</c>. Python may catch either, and the call ends when Python has ended it.
    /// </param>
    /// <returns>What it returns; if that is a coroutine or another awaitable, it is awaited as well.</returns>
    /// <exception cref="PythonException">Python failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<PythonObject> CallPromisingAsync(IReadOnlyList<object?> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return Wrap(await _interpreter.CallPromisingAsync(this, arguments, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc cref="CallPromisingAsync(IReadOnlyList{object}, CancellationToken)"/>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <exception cref="InvalidCastException">The result is not of this type.</exception>
    public async Task<T> CallPromisingAsync<T>(IReadOnlyList<object?> arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return Convert<T>(await _interpreter.CallPromisingAsync(this, arguments, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The object as a value of .NET: text, numbers, lists, dictionaries and sets with their items, bytes.</summary>
    /// <typeparam name="T">The type, such as <c>int</c>, <c>string</c>, <c>List&lt;double&gt;</c> or <c>byte[]</c>.</typeparam>
    /// <exception cref="InvalidCastException">It is not of this type.</exception>
    public T As<T>() => Convert<T>(this);

    /// <summary>Its bytes, where they lie: <see cref="As"/> copies them.</summary>
    /// <param name="isWritable">Whether they are to be written, too.</param>
    /// <returns>The buffer, which whoever asked for it disposes.</returns>
    /// <exception cref="PythonException">It has none, or none of this kind; or its items do not lie one behind the other.</exception>
    public PythonBuffer OpenBuffer(bool isWritable = false) => _interpreter.Enter(() => new PythonBuffer(_interpreter, Pointer, isWritable));

    private PythonObject? FindAttribute(string name)
    {
        try
        {
            return GetAttribute(name);
        }
        catch (PythonException e) when (e.Type == "AttributeError")
        {
            return null;
        }
    }

    /// <summary>Its items, one by one, as Python's <c>async for</c> has them: those of an asynchronous generator, say, which is closed when this ends before it does.</summary>
    /// <param name="cancellationToken">Cancels what an item is waited for.</param>
    /// <exception cref="PythonException">It is nothing of the kind, or Python failed otherwise.</exception>
    public async IAsyncEnumerable<PythonObject> ItemsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var start = GetAttribute("__aiter__");
        using var iterator = start.Call();
        using var next = iterator.GetAttribute("__anext__");
        var isAtEnd = false;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                PythonObject item;
                try
                {
                    item = await next.CallPromisingAsync([], cancellationToken).ConfigureAwait(false);
                }
                catch (PythonException e)
                {
                    isAtEnd = true;
                    if (e.Type == "StopAsyncIteration")
                        yield break;
                    throw;
                }

                yield return item;
            }
        }
        finally
        {
            using var close = isAtEnd ? null : iterator.FindAttribute("aclose");
            if (close is not null)
                (await close.CallPromisingAsync().ConfigureAwait(false)).Dispose();
        }
    }

    /// <summary>Its items, one by one, as Python's <c>for</c> has them.</summary>
    /// <exception cref="PythonException">It cannot be iterated, or Python failed otherwise.</exception>
    public IEnumerable<PythonObject> Items()
    {
        using var iterator = _interpreter.Enter(() => _interpreter.Own(_interpreter.Require(_interpreter.C.Iterator(Pointer))));
        while (iterator.Next() is { } item)
            yield return item;
    }

    /// <summary>Goes on with a generator, until it yields or returns. Python cannot wait in it: <see cref="SendAsync"/> is for that.</summary>
    /// <param name="value">What <c>yield</c> is in the generator; None, as it has to be for a generator that begins, if it is null.</param>
    /// <exception cref="PythonException">The generator failed, or it is none.</exception>
    public PythonStep Send(object? value = null) => StepOf(_interpreter.Prelude.Resume.Call(this, "send", value));

    /// <summary>Goes on with a generator as a promising call.</summary>
    /// <param name="value">What <c>yield</c> is in the generator; None if it is null.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="PythonException">The generator failed, or it is none.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<PythonStep> SendAsync(object? value = null, CancellationToken cancellationToken = default) =>
        StepOf(await _interpreter.Prelude.Resume.CallPromisingAsync([this, "send", value], cancellationToken).ConfigureAwait(false));

    /// <summary>Raises an exception in a generator, where it yielded. Python cannot wait in it: <see cref="ThrowAsync"/> is for that.</summary>
    /// <param name="exception">An exception of Python, or the type of one; or one of .NET.</param>
    /// <exception cref="PythonException">The generator did not catch it, or failed otherwise.</exception>
    public PythonStep Throw(object exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return StepOf(_interpreter.Prelude.Resume.Call(this, "throw", exception));
    }

    /// <summary>Raises an exception in a generator, as a promising call.</summary>
    /// <param name="exception">An exception of Python, or the type of one; or one of .NET.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="PythonException">The generator did not catch it, or failed otherwise.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<PythonStep> ThrowAsync(object exception, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return StepOf(await _interpreter.Prelude.Resume.CallPromisingAsync([this, "throw", exception], cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Another reference to the same object, which is kept until it is itself given back.</summary>
    public PythonObject Copy() => _interpreter.Enter(() =>
    {
        _interpreter.C.Retain(Pointer);
        return _interpreter.Own(Pointer);
    });

    /// <summary>Gives the object back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pointer, 0) is var pointer and not 0)
            _interpreter.Release(pointer);
        GC.SuppressFinalize(this);
    }

    /// <summary>Its text: Python's <c>str</c>.</summary>
    public override string ToString() => _pointer == 0 ? "an object of Python that was given back"
        : _interpreter.Enter(() => _interpreter.C.ToHost(Owned(_interpreter.Require(_interpreter.C.Text(Pointer))).Pointer)) as string ?? "";

    /// <inheritdoc/>
    public override bool TryGetMember(GetMemberBinder binder, out object? result)
    {
        ArgumentNullException.ThrowIfNull(binder);
        result = GetAttribute(binder.Name);
        return true;
    }

    /// <inheritdoc/>
    public override bool TrySetMember(SetMemberBinder binder, object? value)
    {
        ArgumentNullException.ThrowIfNull(binder);
        SetAttribute(binder.Name, value);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryGetIndex(GetIndexBinder binder, object[] indexes, out object? result)
    {
        ArgumentNullException.ThrowIfNull(indexes);
        result = indexes is [var key] ? this[key] : null;
        return result is not null;
    }

    /// <inheritdoc/>
    public override bool TrySetIndex(SetIndexBinder binder, object[] indexes, object? value)
    {
        ArgumentNullException.ThrowIfNull(indexes);
        if (indexes is [var key])
            SetItem(key, value);
        return indexes.Length == 1;
    }

    /// <inheritdoc/>
    public override bool TryInvoke(InvokeBinder binder, object?[]? args, out object? result)
    {
        ArgumentNullException.ThrowIfNull(binder);
        result = Wrap(Apply(args ?? [], binder.CallInfo.ArgumentNames));
        return true;
    }

    /// <inheritdoc/>
    public override bool TryInvokeMember(InvokeMemberBinder binder, object?[]? args, out object? result)
    {
        ArgumentNullException.ThrowIfNull(binder);
        using var function = GetAttribute(binder.Name);
        result = Wrap(function.Apply(args ?? [], binder.CallInfo.ArgumentNames));
        return true;
    }

    /// <inheritdoc/>
    public override bool TryConvert(ConvertBinder binder, out object? result)
    {
        ArgumentNullException.ThrowIfNull(binder);
        result = _interpreter.Enter(() => HostConversion.To(this, binder.Type));
        return true;
    }

    /// <summary>The value of .NET that it is, with all that it contains; itself if it is none.</summary>
    internal object? ToHost()
    {
        var proxies = new List<object?>();
        return _interpreter.Enter(() => Succeeded(_interpreter.C.ToHostDeeply(Pointer, -1, proxies)));
    }

    /// <summary>Calls it with values as Python's side has them.</summary>
    internal object? CallForHost(IReadOnlyList<object?> arguments) => Succeeded(_interpreter.C.Apply(Pointer, arguments.ToList(), arguments.Count, new List<object?>(), 0));

    private static PythonStep StepOf(PythonObject result)
    {
        using (result)
        {
            using var isEnd = result[0];
            return new PythonStep(isEnd.As<bool>(), result[1]);
        }
    }

    private object? Apply(object?[] arguments, params IEnumerable<string> names) => _interpreter.Enter(() =>
    {
        List<object?> values = [.. arguments.Select(Interpreter.Outgoing)], named = [.. names];
        return Succeeded(_interpreter.C.Apply(Pointer, values, values.Count - named.Count, named, named.Count));
    });

    private PythonObject? Next() => _interpreter.Enter(() =>
    {
        var item = _interpreter.C.Next(Pointer);
        if (item == 0 && _interpreter.C.ErrorOccurred() != 0)
            throw _interpreter.TakeException();
        return item == 0 ? null : _interpreter.Own(item);
    });

    private object? Succeeded(object? result) => ReferenceEquals(result, Marker.Error) ? throw _interpreter.TakeException() : result;

    private PythonObject Wrap(object? result) => result as PythonObject ?? _interpreter.Enter(() => _interpreter.Own(_interpreter.ToPython(result)));

    private T Convert<T>(object? value) => typeof(T) == typeof(PythonObject) ? (T)(object)Wrap(value) : (T)_interpreter.Enter(() => HostConversion.To(value, typeof(T)))!;

    /// <summary>Does something with a value of .NET as an object of Python.</summary>
    private T With<T>(object? value, Func<int, T> use)
    {
        var pointer = _interpreter.ToPython(value);
        try
        {
            return use(pointer);
        }
        finally
        {
            _interpreter.C.Release(pointer);
        }
    }

    private PythonObject Owned(int pointer) => _interpreter.Own(pointer);
}
