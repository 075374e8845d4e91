using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.ExceptionServices;
using System.Text;
using Fermata.Emscripten;
using Fermata.Python.Fetching;
using Fermata.Python.Views;

namespace Fermata.Python.Interop;

/// <summary>
/// CPython, and what lies between it and .NET. Values are what Pyodide's C code takes for JavaScript's: text, numbers, objects of .NET, which Python sees as their
/// <see cref="HostView"/> has it, and objects of Python (<see cref="PythonObject"/>). All of it runs on the store's turn.
/// </summary>
internal sealed class Interpreter : IAsyncDisposable
{
    private readonly ConcurrentQueue<int> _released = new();
    private bool _isReleasing;
    private readonly ConcurrentBag<int> _exceptionSlots = [];
    private readonly CancellationTokenSource _ending = new();
    private volatile Exception? _failure;
    private volatile bool _isDisposed;
    private EmscriptenInstance? _instance;
    private CApi? _c;
    private PreludeObjects? _prelude;
    private int _none;

    public Interpreter(IEnumerable<Type> permitted, CapturingOutput errors, TimeProvider clock)
    {
        (Errors, Clock, Ending) = (errors, clock, _ending.Token);
        Views = new HostViews(this, permitted);
        EventLoop = new EventLoop(this);
        Modules = new HostModules(EventLoop);
        Lost = new LostContinuations(Ending);
        (Waits, HostCalls, Cancellations, Iterations) = (new Waits(this), new HostCalls(this), new Cancellations(this), new Iterations(this));
    }

    public EmscriptenInstance Instance => _instance ?? throw new InvalidOperationException("The interpreter has not started.");

    public Memory Memory => Instance.Memory;

    public CApi C => _c ?? throw new InvalidOperationException("The interpreter has not started.");

    /// <summary>What is written in Python for the host.</summary>
    public PreludeObjects Prelude => _prelude ?? throw new InvalidOperationException("The interpreter has not started.");

    public HostViews Views { get; }

    public EventLoop EventLoop { get; }

    public HostModules Modules { get; }

    public Waits Waits { get; }

    public HostCalls HostCalls { get; }

    public Cancellations Cancellations { get; }

    public Iterations Iterations { get; }

    public LostContinuations Lost { get; }

    public CapturingOutput Errors { get; }

    public TimeProvider Clock { get; }

    /// <summary>Cancelled when the interpreter ends.</summary>
    public CancellationToken Ending { get; }

    /// <summary>Counts what Python's values take in .NET; null where nobody limits that.</summary>
    public HostMemory? HostMemory { get; init; }

    /// <summary>What sends requests for it; null if it may send none. It ends with the interpreter.</summary>
    public Fetcher? Fetcher { get; set; }

    /// <summary>Whether Python runs.</summary>
    public Activity Activity { get; } = new();

    /// <summary>The exception that has left Python in the middle of something; null if there was none.</summary>
    public Exception? EndedBy => _failure;

    /// <summary>Whether it has ended, so that it cannot be called any more.</summary>
    public bool HasEnded => _failure is not null || _isDisposed || Ending.IsCancellationRequested;

    /// <summary>What the call is that runs, if it may wait; null in a synchronous one, in which <c>run_sync</c> fails.</summary>
    public PromisingCall? Promising { get; private set; }

    /// <summary>Cancelled when nobody waits any more for what Python has a function of the host do now.</summary>
    public CancellationToken CallEnding => Promising is { CancellationToken: { CanBeCanceled: true } ending } ? ending : Ending;

    /// <summary>The exception with which a task ended that <c>run_sync</c> waited for.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What Ctrl-C is elsewhere.</summary>
    public Interrupts Interrupts { get; } = new();

    /// <summary>Takes the program whose functions these are.</summary>
    public void Attach(EmscriptenInstance instance)
    {
        _instance = instance;
        _c = new CApi(instance);
    }

    /// <summary>Its own modules are there.</summary>
    public void Finish() => (_prelude, _none) = (new PreludeObjects(this), C.None());

    /// <summary>The address of the task of asyncio that runs; 0 for none. On the store's turn.</summary>
    public int CurrentTask()
    {
        var task = C.CallNoArguments(Prelude.CurrentTask.Pointer);
        if (task == 0)
            TakeException();
        else
            C.Release(task);
        return task == _none ? 0 : task;
    }

    /// <summary>A call that may wait begins, or goes on.</summary>
    public void Continue(PromisingCall call)
    {
        Promising = call;
        if (call.SetRunning(true))
            Activity.Begin();
    }

    /// <summary>The call that runs waits, or has ended.</summary>
    public void Leave(PromisingCall call)
    {
        Promising = null;
        Pause(call);
    }

    private void Pause(PromisingCall call)
    {
        if (call.SetRunning(false))
            Activity.End();
    }

    /// <summary>Calls Python, which cannot wait then. A thread that is in no function of the host waits until nothing else runs.</summary>
    public T Enter<T>(Func<T> code)
    {
        ThrowIfFailed();
        return OnTurnAsync(code).GetAwaiter().GetResult();
    }

    /// <summary>Ends what waits.</summary>
    public void End()
    {
        if (!Ending.IsCancellationRequested)
            _ending.Cancel();
    }

    /// <summary>Ends what runs, and what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        // The store is over first: what waits would go on here else, and might not end.
        var ended = _instance?.DisposeAsync() ?? default;
        End();
        await ended.ConfigureAwait(false);
        Iterations.End();
        Fetcher?.Dispose();
        EventLoop.Dispose();
        _ending.Dispose();
    }

    /// <summary>Notes that Python was left in the middle of something, and cannot be called any more. What waits ends.</summary>
    public void Fail(Exception exception)
    {
        _failure ??= exception;
        End();
    }

    /// <summary>Whether an exception has left Python in the middle of something.</summary>
    public static bool IsFatal(Exception exception) => exception is TrapException or WasmExitException or ResourceLimitException or WasmException;

    /// <summary>Does something when nothing else runs on the store.</summary>
    public Task OnTurnAsync(Action action) => Instance.Store.OnTurnAsync(action);

    /// <inheritdoc cref="OnTurnAsync(Action)"/>
    /// <returns>What it gives.</returns>
    public async Task<T> OnTurnAsync<T>(Func<T> code)
    {
        T? result = default;
        Exception? failure = null;
        // An exception that passed the store would be one of the host's.
        await OnTurnAsync(() =>
        {
            try
            {
                result = EnterOnTurn(code);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }).ConfigureAwait(false);
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return result!;
    }

    /// <summary>Calls a function of Python as one that may wait, and waits for what it returns if that is awaitable.</summary>
    public async Task<object?> CallPromisingAsync(PythonObject function, object?[] arguments, PromisingCall? call = null)
    {
        call ??= new PromisingCall();
        call.Lost = Lost.Next;
        ThrowIfFailed();
        // Called by a function of the host, it begins when the call that is around that waits, or has ended.
        if (Promising is { HasEnded: false })
            await Task.Yield();
        if (!_exceptionSlots.TryTake(out var slot))
            slot = await OnTurnAsync(() => C.Allocate(sizeof(int))).ConfigureAwait(false);
        List<object?> values = [.. arguments.Select(Outgoing)];
        // A list with one item, as a result that is a task is not to be awaited by whoever calls.
        object? result;
        try
        {
            result = ((List<object?>)(await C.ApplyPromising(call, function.Pointer, values, values.Count, new List<object?>(), 0, slot).ConfigureAwait(false))!)[0];
        }
        catch (Exception e) when (IsFatal(e))
        {
            Fail(e);
            throw;
        }
        finally
        {
            call.End();
            Pause(call);
            GC.KeepAlive(function);
        }

        var exception = !ReferenceEquals(result, Marker.Error) ? null : await OnTurnAsync(() =>
        {
            C.SetRaisedException(Memory.Read<int>(slot));
            return TakeException();
        }).ConfigureAwait(false);
        _exceptionSlots.Add(slot);
        if (exception is not null)
            ExceptionDispatchInfo.Throw(exception);
        return result switch
        {
            Task<object?> task => await task.ConfigureAwait(false),
            PythonObject python => await AwaitAsync(python, call).ConfigureAwait(false),
            _ => result,
        };
    }

    /// <summary>Awaits what a call has returned, and gives that back if it is not the result itself.</summary>
    private async Task<object?> AwaitAsync(PythonObject python, PromisingCall call)
    {
        object? result = null;
        try
        {
            result = await (await OnTurnAsync(() => ResultOf(python, call)).ConfigureAwait(false)).ConfigureAwait(false);
            return result;
        }
        finally
        {
            if (python != result && python != call.Cancellation?.Future)
                python.Dispose();
        }
    }

    private Task<object?> ResultOf(PythonObject python, PromisingCall call)
    {
        var result = ResultOf(python, call.Lost);
        if (call.Cancellation is { } cancellation && !result.IsCompletedSuccessfully)
        {
            cancellation.Future = python;
            Cancellations.CancelFuture(cancellation);
        }

        return result;
    }

    /// <summary>Calls a function of Python as one that may wait, and that the host may cancel.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<object?> CallPromisingAsync(PythonObject function, IReadOnlyList<object?> arguments, CancellationToken cancellationToken)
    {
        if (!cancellationToken.CanBeCanceled)
            return await CallPromisingAsync(function, [.. arguments]).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        var cancellation = Cancellations.Begin(cancellationToken);
        using var registration = cancellationToken.UnsafeRegister(_ => Cancellations.Cancel(cancellation), null);
        try
        {
            return await CallPromisingAsync(Prelude.Cancellable, [cancellation.Number, function, .. arguments], new PromisingCall { Cancellation = cancellation }).ConfigureAwait(false);
        }
        catch (PythonException e) when (cancellationToken.IsCancellationRequested && e.Type is "CancelledError" or "KeyboardInterrupt")
        {
            throw new OperationCanceledException("The call of Python was cancelled.", e, cancellationToken);
        }
        finally
        {
            registration.Unregister();
            Cancellations.End(cancellation);
        }
    }

    /// <summary>Awaits an object of Python, which the event loop then runs, if it can be awaited.</summary>
    /// <param name="python">The object.</param>
    /// <param name="lost">Cancelled when what it waits for may have been lost (<see cref="Lost"/>), or the interpreter ends.</param>
    /// <param name="isForPython">Whether Python gets the exception again that it may raise.</param>
    /// <returns>A task for its result, or for the object itself.</returns>
    public Task<object?> ResultOf(PythonObject python, CancellationToken lost, bool isForPython = false)
    {
        if ((C.Flags(python.Pointer, 0) & CApi.IsAwaitable) == 0)
            return Task.FromResult<object?>(python);
        var completion = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        RequireSuccess(C.EnsureFuture(
            python.Pointer,
            (HostMethod)(arguments => completion.TrySetResult(HostConversion.Keep(arguments[0]))),
            (HostMethod)(arguments => completion.TrySetException(arguments[0] is not Exception exception ? new InvalidOperationException($"{arguments[0]}") : isForPython ? Keep(exception) : exception))));
        return UntilEndAsync(completion.Task, lost);
    }

    /// <summary>An exception, of which Python gets the object again that it is there, however late.</summary>
    public Exception Keep(Exception exception)
    {
        if (exception is PythonException { Pointer: not 0 and var pointer } python)
            python.Kept = Own(Retain(pointer));
        return exception;
    }

    /// <summary>Waits for a task that Python completes, or for the end of the interpreter.</summary>
    private async Task<object?> UntilEndAsync(Task<object?> task, CancellationToken lost)
    {
        await ((Task)task).WaitAsync(lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!task.IsCompleted)
        {
            ThrowIfFailed();
            if (!Ending.IsCancellationRequested)
                throw LostContinuations.NewException();
        }

        return await task.WaitAsync(Ending).ConfigureAwait(false);
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
            throw new InvalidOperationException($"Python has ended, and cannot be called any more: {failure.Message}", failure);
    }

    private T EnterOnTurn<T>(Func<T> code)
    {
        var outer = Promising;
        Promising = null;
        Activity.Begin();
        try
        {
            ReleaseAll();
            return code();
        }
        catch (Exception e) when (IsFatal(e))
        {
            Fail(e);
            throw;
        }
        finally
        {
            Activity.End();
            Promising = outer;
        }
    }

    /// <summary>Gives a reference back when the interpreter is next called, or next asked for one.</summary>
    public void Release(int pointer) => _released.Enqueue(pointer);

    /// <summary>A new reference to an object, for code of .NET that Python calls.</summary>
    /// <remarks>Code that waits again and again, and is never called, asks for one each time: what was released meanwhile is given back here, so that it does not accumulate.</remarks>
    public PythonObject Share(int pointer)
    {
        C.Retain(pointer);
        var shared = Own(pointer);
        if (!_released.IsEmpty && !_isReleasing)
            _ = EnterOnTurn(static () => 0);
        return shared;
    }

    /// <summary>A pointer, or the exception of Python that stands for it.</summary>
    /// <exception cref="PythonException">It is null.</exception>
    public int Require(int pointer) => pointer != 0 ? pointer : throw TakeException();

    /// <summary>Fails if a function of Python's C interface has failed.</summary>
    /// <exception cref="PythonException">It has.</exception>
    public int RequireSuccess(int result) => result >= 0 ? result : throw TakeException();

    /// <summary>The exception that is set in Python, which is taken from there.</summary>
    public Exception TakeException() => C.WrapException() as Exception ?? new InvalidOperationException("Python failed without an exception.");

    /// <summary>An object of Python with a reference of its own, that the caller has.</summary>
    public PythonObject Own(int pointer) => new(this, pointer);

    /// <summary>A value of .NET as an object of Python; a new reference.</summary>
    public int ToPython(object? value)
    {
        value = Outgoing(value);
        return value switch
        {
            PythonObject python => Retain(python.Pointer),
            Marker => C.None(),
            string text => ToPython(text),
            bool flag => flag ? C.True() : C.False(),
            double number => Require(C.FromDouble(number)),
            float number => Require(C.FromDouble(number)),
            char letter => ToPython(letter.ToString()),
            long or int or short or sbyte or byte or ushort or uint => Require(C.FromInt64(Convert.ToInt64(value, null))),
            ulong or BigInteger or Int128 or UInt128 => ToPython(value is BigInteger big ? big : BigInteger.Parse(value.ToString()!, null)),
            decimal number => Require(C.FromDouble((double)number)),
            Enum constant => ToPython(constant.ToString()),
            null => C.Null(),
            _ => Require(C.NewProxy(value)),
        };
    }

    /// <summary>A value as Python's side takes it: there is no null, but None; what is like a task is one, and delegates are functions.</summary>
    public static object? Outgoing(object? value) => value switch
    {
        null => Marker.Undefined,
        Task<object?> or string => value,
        Task or ValueTask => Tasks.ToTask(value),
        HostMethod => value,
        Delegate function => new ExposedFunction(function.Method.Name, function),
        _ when Tasks.IsValueTask(value) => Tasks.ToTask(value),
        _ => value,
    };

    /// <summary>Imports a module.</summary>
    public PythonObject Import(string name)
    {
        var text = NewText(name);
        var module = C.ImportModule(text);
        C.Free(text);
        return Own(Require(module));
    }

    /// <summary>The text at an address, which ends with a NUL.</summary>
    public string ReadText(int address) => address == 0 ? "" : Memory.ReadUtf8(address);

    /// <summary>Writes a text that the caller frees.</summary>
    public int NewText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        var address = C.Allocate(bytes.Length);
        if (address == 0)
            throw new InsufficientMemoryException($"Python has no memory for a text of {bytes.Length} bytes.");
        bytes.CopyTo(Memory.GetSpan(address, bytes.Length));
        return address;
    }

    /// <summary>Continues with functions of Python when a task is complete, on the store's turn.</summary>
    /// <returns>A task for what they return.</returns>
    public Task<object?> Then(Task<object?> task, object? onFulfilled, object? onRejected)
    {
        var next = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = ContinueAsync();
        return next.Task;

        async Task ContinueAsync()
        {
            await ((Task)task).WaitAsync(Ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            if (Ending.IsCancellationRequested)
            {
                next.TrySetCanceled(Ending);
                return;
            }

            try
            {
                await OnTurnAsync(() =>
                {
                    try
                    {
                        var (function, argument) = task.IsCompletedSuccessfully ? (onFulfilled, task.Result) : (onRejected, FailureOf(task));
                        next.TrySetResult(HostConversion.IsNull(function) ? argument : Enter(() => Call(function!, [Outgoing(argument)])));
                    }
                    catch (Exception e)
                    {
                        next.TrySetException(e);
                    }
                }).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                next.TrySetException(e);
            }
        }
    }

    /// <summary>Why a task has failed.</summary>
    public static Exception FailureOf(Task task) => task.Exception?.InnerException ?? new OperationCanceledException("The task was cancelled.");

    /// <summary>Calls a function of either side.</summary>
    public object? Call(object function, IReadOnlyList<object?> arguments) => function is PythonObject python ? python.CallForHost(arguments) : Views.Of(function).Call(function, arguments);

    /// <summary>Sets the exception of Python that stands for one of .NET.</summary>
    public void SetException(Exception exception)
    {
        if (exception is PythonException { Kept: { IsDisposed: false } kept })
        {
            using (kept)
                C.SetRaisedException(Retain(kept.Pointer));
            return;
        }

        if (exception is PythonException { Pointer: not 0 } python && C.RestoreLastException(python.Pointer) != 0)
            return;
        if (exception is PythonException { Pointer: 0, Type: PythonException.NoMemory })
        {
            SetErrorType("PyExc_MemoryError");
            return;
        }

        var proxy = C.NewProxy(exception);
        if (proxy == 0)
            return;
        C.SetError(proxy);
        C.Release(proxy);
    }

    /// <summary>Sets <c>KeyboardInterrupt</c>, which a signal would raise somewhat later.</summary>
    public void RaiseInterrupt()
    {
        Interrupts.Take();
        SetErrorType("PyExc_KeyboardInterrupt");
    }

    private void SetErrorType(string name) => C.SetErrorType(Memory.Read<int>(Instance.Instance.GetGlobal(name).Get<int>()));

    /// <summary>Does what Python asks for; an exception becomes Python's.</summary>
    public object? Try(Func<object?> code)
    {
        try
        {
            return Outgoing(code());
        }
        catch (Exception e) when (IsForPython(e))
        {
            SetException(e);
            return Marker.Error;
        }
    }

    /// <inheritdoc cref="Try(Func{object})"/>
    /// <param name="code">The code.</param>
    /// <param name="failure">What says that there was one.</param>
    public int Try(Func<int> code, int failure = -1)
    {
        try
        {
            return code();
        }
        catch (Exception e) when (IsForPython(e))
        {
            SetException(e);
            return failure;
        }
    }

    private int ToPython(BigInteger number)
    {
        var bytes = number.ToByteArray();
        var address = C.Allocate(bytes.Length);
        bytes.CopyTo(Memory.GetSpan(address, bytes.Length));
        var result = C.FromBytes(address, bytes.Length);
        C.Free(address);
        return Require(result);
    }

    private int ToPython(string text)
    {
        var runes = 0;
        var largest = 0;
        foreach (var code in CodePoints(text))
            (runes, largest) = (runes + 1, Math.Max(largest, code));
        var result = Require(C.NewUnicode(runes, largest));
        var data = C.UnicodeData(result);
        var index = 0;
        if (largest > 0xFFFF)
        {
            foreach (var code in CodePoints(text))
                Memory.Write(data + (index++ * 4), code);
        }
        else if (largest > 0xFF)
        {
            foreach (var code in CodePoints(text))
                Memory.Write(data + (index++ * 2), (ushort)code);
        }
        else if (runes > 0)
        {
            Encoding.Latin1.GetBytes(text, Memory.GetSpan(data, runes));
        }

        return result;
    }

    /// <summary>Surrogates without a partner are code points of Python's texts, too.</summary>
    private static IEnumerable<int> CodePoints(string text)
    {
        for (var index = 0; index < text.Length; index++)
            yield return index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]) ? char.ConvertToUtf32(text[index], text[++index]) : text[index];
    }

    private int Retain(int pointer)
    {
        C.Retain(pointer);
        return pointer;
    }

    /// <summary>What ends the call is not Python's to catch.</summary>
    private static bool IsForPython(Exception exception) => !IsFatal(exception) && exception is not ObjectDisposedException;

    private void ReleaseAll()
    {
        // What a finalizer of Python calls may come here again: it is not to end up inside the next one.
        if (_isReleasing)
            return;
        _isReleasing = true;
        try
        {
            while (_released.TryDequeue(out var pointer))
                C.Release(pointer);
        }
        finally
        {
            _isReleasing = false;
        }
    }
}
