namespace Fermata.Runtime;

/// <summary>What the thunks of delegates that return tasks call.</summary>
internal static class SuspendingImport
{
    /// <summary>Begins the call of the delegate.</summary>
    /// <exception cref="SuspendException">A call from here cannot be suspended. The delegate must not be called.</exception>
    public static StoreContext Enter(HostFunction function)
    {
        var context = function.Context;
        if (context.CurrentFiber is null)
            throw CannotSuspend(function, context.Barrier);
        context.CurrentHost = function;
        return context;
    }

    /// <summary>Ends a call without result if its task is complete, else suspends the fiber.</summary>
    /// <returns>Whether it ended.</returns>
    public static bool TryComplete(HostFunction function, Task task) =>
        TryComplete(function, new ValueTask(task ?? throw NoTask(function)));

    /// <inheritdoc cref="TryComplete(HostFunction, Task)"/>
    public static bool TryComplete(HostFunction function, ValueTask task)
    {
        if (task.IsCompleted && !function.AlwaysSuspend)
        {
            task.GetAwaiter().GetResult();
            return true;
        }

        var pending = (PendingTask?)FindIdleCall(function) ?? new PendingTask(function);
        pending.Task = task;
        Suspend(function.Context, pending);
        return false;
    }

    /// <summary>Ends a call with its result if its task is complete, else suspends the fiber.</summary>
    /// <returns>Whether it ended.</returns>
    public static bool TryComplete<T>(HostFunction function, Task<T> task, out T? result) =>
        TryComplete(function, new ValueTask<T>(task ?? throw NoTask(function)), out result);

    /// <inheritdoc cref="TryComplete{T}(HostFunction, Task{T}, out T)"/>
    public static bool TryComplete<T>(HostFunction function, ValueTask<T> task, out T? result)
    {
        if (task.IsCompleted && !function.AlwaysSuspend)
        {
            result = task.GetAwaiter().GetResult();
            return true;
        }

        var pending = (PendingTask<T>?)FindIdleCall(function) ?? new PendingTask<T>(function);
        pending.Task = task;
        Suspend(function.Context, pending);
        result = default;
        return false;
    }

    /// <summary>Has the fiber that runs wait.</summary>
    public static void Suspend(StoreContext context, PendingCall pending)
    {
        var fiber = context.CurrentFiber!;
        if (fiber.Pending != pending)
            fiber.Pending = pending;
        context.Unwinding = true;
    }

    /// <summary>The fiber's last pending call if it was of the same import, else one of the import's pool; null if there is none.</summary>
    private static PendingCall? FindIdleCall(HostFunction function)
    {
        var fiber = function.Context.CurrentFiber!;
        if (fiber.Pending is { } last)
        {
            if (last.Function == function)
                return last;
            fiber.Pending = null;
            last.Recycle();
        }

        return function.IdleCalls.Take();
    }

    private static SuspendException CannotSuspend(HostFunction function, HostFunction? barrier) => barrier is null
        ? new SuspendException(
            $"{function.Name} may have to wait, but it was called by a call that is not promising: " +
            "call the export with InvokeAsync, or through a delegate that returns a task.")
        : new SuspendException(
            $"{function.Name} may have to wait, but the host function {barrier.Name} stands in between and cannot be suspended: " +
            "let it call the export with InvokeAsync, and return a task itself." +
            Trampoline.Remedy(barrier.Name),
            barrier.Name);

    private static InvalidOperationException NoTask(HostFunction function) =>
        new($"The host function {function.Name} returned null instead of a task.");
}
