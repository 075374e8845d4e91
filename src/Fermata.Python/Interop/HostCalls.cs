using System.Runtime.CompilerServices;
using Fermata.Python.Functions;
using Fermata.Python.Views;

namespace Fermata.Python.Interop;

/// <summary>Calls of functions of the host that take a token: it is cancelled when Python cancels what waits for their task.</summary>
internal sealed class HostCalls(Interpreter python)
{
    private readonly ConditionalWeakTable<object, CancellationTokenSource> _sources = [];

    /// <summary>Calls a function.</summary>
    public object? Call(ExposedFunction function, IReadOnlyList<object?> arguments)
    {
        if (!function.IsCancellable)
            return function.Call(arguments, python.CallEnding);
        var source = new CancellationTokenSource();
        // What nobody waits for may outlive the call, and ends with the interpreter.
        var registration = new Registrations(Register(python.CallEnding), Register(python.Ending));
        try
        {
            if (function.Call(arguments, source.Token) is not { } result)
                return null;
            var task = Tasks.ToTask(result);
            _sources.AddOrUpdate(task, source);
            _ = task.ContinueWith(static (_, registration) => ((IDisposable)registration!).Dispose(), registration, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return task;
        }
        catch
        {
            registration.Dispose();
            throw;
        }

        CancellationTokenRegistration Register(CancellationToken token) => token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);
    }

    /// <summary>Cancels what a function does, if it takes a token.</summary>
    /// <param name="task">What it returned.</param>
    public void Cancel(object task)
    {
        // What is cancelled runs on the pool, as it is the host's.
        if (_sources.TryGetValue(task, out var source))
            _ = source.CancelAsync();
    }

    /// <summary>A future of Python is to get the result of a task, and cancels it when it is cancelled itself; on the store's turn.</summary>
    public void CancelWith(object task, object? onFulfilled)
    {
        if (_sources.TryGetValue(task, out _) && onFulfilled is HostMethod { Target: PromiseHandles { OnResult: { } setResult } })
            python.Prelude.WhenCancelled.Call(setResult, (HostMethod)(_ => { Cancel(task); return null; })).Dispose();
    }

    private sealed record Registrations(CancellationTokenRegistration Call, CancellationTokenRegistration Interpreter) : IDisposable
    {
        public void Dispose()
        {
            // One that runs right now need not be waited for.
            Call.Unregister();
            Interpreter.Unregister();
        }
    }
}
