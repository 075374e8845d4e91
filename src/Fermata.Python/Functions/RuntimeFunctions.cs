using Fermata.Emscripten;
using Fermata.Python.Interop;

namespace Fermata.Python.Functions;

/// <summary>What belongs to the interpreter as a whole: exceptions, waiting, interrupts.</summary>
internal static class RuntimeFunctions
{
    /// <summary>How a wait ends that Ctrl-C ends.</summary>
    private static readonly OperationCanceledException Interrupted = new("Python was interrupted.");

    /// <summary>How a wait ends that is cancelled, with its task or its call.</summary>
    private static readonly OperationCanceledException Cancelled = new("What waited was cancelled.");

    public static void Define(EmscriptenHost host, Interpreter python) => host
        .Define("jslib_init_js", () => python.Try(() => InternConstants(python)))
        .Define("pyodide_js_init", () => { })
        .Define("set_pyodide_module", (object? _) => { })
        // Pyodide asks whether calls can wait.
        .Define("emscripten_asm_const_int", (int _, int _, int _) => 1)
        .Define("_Py_emscripten_runtime", () => python.NewText("Fermata"))
        .Define("__syscall_getuid32_js", () => 0)
        .DefineAs("__syscall_umask_js", "__syscall_umask")

        .Define("capture_stderr", python.Errors.Capture)
        .Define("restore_stderr", object () => python.Errors.Take())
        .Define("new_error", object (int type, object? traceback, int error) =>
            new PythonException(python.ReadText(type), traceback as string ?? "", python.C.ToHost(error) as Exception) { Pointer = error })
        .Define("JsException_new_helper", object (int name, int message, int _) => new InvalidOperationException($"{python.ReadText(name)}: {python.ReadText(message)}"))
        .Define("JsvError_Throw", (object? error) => { throw error as Exception ?? new InvalidOperationException($"{error}"); })
        .Define("fail_test", () => { })

        .Define("set_suspender", (object? call) => { python.Continue((PromisingCall)call!); })
        .Define("get_suspender", object? () => python.Promising)
        .Define("can_run_sync_js", () =>
        {
            if (python.Promising is null)
                return ValueFunctions.IsTrue(false);
            python.Interrupts.Hold();
            return ValueFunctions.IsTrue(true);
        })
        // A call that waits is put away where it is suspended (ThreadStates), as wherever else it waits.
        .Define("saveState", object () => python.Promising ?? (object)Marker.Error)
        .Define("syncifyHandler", Task<Outcome> (object? _, object? value) =>
        {
            python.Interrupts.MainWaits += python.Promising is { IsMain: true } ? 1 : 0;
            return WaitAsync(python, python.Promising, value);
        }, object? (Outcome outcome, object? _, object? _) =>
        {
            python.Interrupts.MainWaits -= outcome.IsMain ? 1 : 0;
            python.Failure = outcome.Failure;
            return outcome.Failure is null ? Interpreter.Outgoing(outcome.Value) : Marker.Error;
        })
        .Define("JsvPromise_Syncify_handleError", () =>
        {
            if (python.Failure == Interrupted)
                python.RaiseInterrupt();
            else if (python.Failure == Cancelled)
                python.C.SetErrorType(python.Prelude.CancelledError.Pointer);
            else if (python.Failure is { } failure)
                python.SetException(failure);
            python.Failure = null;
        })
        .Define("restoreState", (object? _) => { })

        .Define("_Py_CheckEmscriptenSignals_Helper", () => python.Interrupts.Look(python.Promising is { IsMain: true }, python.Cancellations))

        // Sockets are those of POSIX, and wait by themselves.
        .Define("_maybe_connect_async", object? (int _, int _, int _) => null)
        .Define("_maybe_recvfrom_async", object? (int _, int _, int _) => null)
        .Define("_maybe_sendto_async", object? (int _, int _, int _) => null)
        .Define("_maybe_poll_async", object? (int _, int _, int _) => null)
        .Define("_try_fcntl64", (int _, int _, int _, int _) => 0)
        .Define("_try_shutdown", (int _, int _, int _) => 0);

    /// <summary>Waits for what Python waits for: a task of .NET, or something of its own.</summary>
    private static async Task<Outcome> WaitAsync(Interpreter python, PromisingCall? call, object? value)
    {
        var isMain = call is { IsMain: true };
        var interrupted = isMain ? python.Interrupts.Waits : default;
        var wait = python.Waits.Begin();
        try
        {
            var task = value as Task<object?> ?? (value is PythonObject awaitable ? python.Enter(() => python.ResultOf(awaitable, call?.Lost ?? python.Lost.Next, isForPython: true)) : Task.FromResult(value));
            python.Interrupts.Release();
            using var over = CancellationTokenSource.CreateLinkedTokenSource(python.Ending, interrupted);
            if (wait.Token.CanBeCanceled)
            {
                using var any = CancellationTokenSource.CreateLinkedTokenSource(over.Token, wait.Token);
                await ((Task)task).WaitAsync(any.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            else
            {
                await ((Task)task).WaitAsync(over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (wait.End() && !over.IsCancellationRequested)
            {
                python.HostCalls.Cancel(task);
                if (value is not PythonObject future || task.IsCompleted)
                    return new Outcome(null, Cancelled, isMain);
                // What it waits for hears of it first, and tells how it ends.
                await python.OnTurnAsync(() => python.Prelude.Cancel.Call<bool>(future)).ConfigureAwait(false);
            }

            interrupted.ThrowIfCancellationRequested();
            return new Outcome(await task.WaitAsync(over.Token).ConfigureAwait(false), null, isMain);
        }
        catch (Exception e)
        {
            wait.End();
            if (call is { Lost.IsCancellationRequested: true })
                call.Lost = python.Lost.Next;
            return new Outcome(null, e is OperationCanceledException && interrupted.IsCancellationRequested ? Interrupted : e, isMain);
        }
    }

    /// <summary>The constants that Pyodide has references to.</summary>
    private static int InternConstants(Interpreter python)
    {
        Set("Jsr_undefined", Marker.Undefined);
        Set("Jsr_true", true);
        Set("Jsr_false", false);
        Set("Jsr_error", Marker.Error);
        Set("Jsr_novalue", Marker.NoValue);
        return 0;

        void Set(string name, object value) => python.Memory.Write(python.Instance.Instance.GetGlobal(name).Get<int>(), python.C.Intern(value));
    }

    /// <summary>How a task ended.</summary>
    private sealed record Outcome(object? Value, Exception? Failure, bool IsMain);
}
