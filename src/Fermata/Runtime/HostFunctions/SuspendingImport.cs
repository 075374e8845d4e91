namespace Fermata.Runtime;

/// <summary>What the thunks of delegates that return tasks call.</summary>
internal static class SuspendingImport
{
    /// <summary>Begins the call of the delegate.</summary>
    /// <exception cref="SuspendException">A call from here cannot be suspended, and the store asks for that. The delegate must not be called.</exception>
    public static StoreContext Enter(HostFunction function)
    {
        var context = function.Context;
        if (context.CurrentFiber is { } fiber)
            fiber.Waits++;
        else if (!context.Store.Options.CallsSuspendingImportsSynchronously)
            throw CannotSuspend(function, context);
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
        if (task.IsCompleted && !MustSuspend(function))
        {
            task.GetAwaiter().GetResult();
            return true;
        }

        var suspension = FindIdle<TaskSuspension>(function) ?? new TaskSuspension(function);
        suspension.Task = task;
        function.Context.Suspension = suspension;
        return false;
    }

    /// <summary>Ends a call with its result if its task is complete, else suspends the fiber.</summary>
    /// <returns>Whether it ended.</returns>
    public static bool TryComplete<T>(HostFunction function, Task<T> task, out T? result) =>
        TryComplete(function, new ValueTask<T>(task ?? throw NoTask(function)), out result);

    /// <inheritdoc cref="TryComplete{T}(HostFunction, Task{T}, out T)"/>
    public static bool TryComplete<T>(HostFunction function, ValueTask<T> task, out T? result)
    {
        if (task.IsCompleted && !MustSuspend(function))
        {
            result = task.GetAwaiter().GetResult();
            return true;
        }

        var suspension = FindIdle<TaskSuspension<T>>(function) ?? new TaskSuspension<T>(function);
        suspension.Task = task;
        function.Context.Suspension = suspension;
        result = default;
        return false;
    }

    /// <summary>Whether a call that is complete is suspended all the same.</summary>
    private static bool MustSuspend(HostFunction function) => function.AlwaysSuspend && function.Context.CurrentFiber is not null;

    /// <summary>The fiber's last suspension if it was by the same import, else one of the import's pool; null if there is none.</summary>
    /// <exception cref="SuspendException">There is no fiber, and the task is not complete.</exception>
    private static T? FindIdle<T>(HostFunction function)
        where T : ImportSuspension
    {
        if (function.Context.CurrentFiber is not { } fiber)
            throw CannotSuspend(function, function.Context);
        return fiber.Suspension is T last && last.Function == function ? last : (T?)function.IdleSuspensions.Take();
    }

    private static SuspendException CannotSuspend(HostFunction function, StoreContext context)
    {
        var isStarting = context.IsStarting;
        if (context.Barrier is not { } barrier)
        {
            return new SuspendException($"{function.Name} may have to wait, but it was called by " + (isStarting
                ? "a start function that cannot be suspended: make the instance with InstantiateAsync."
                : "a call that is not promising: call the export with InvokeAsync, or through a delegate that returns a task."));
        }

        return new SuspendException(
            $"{function.Name} may have to wait, but the host function {barrier.Name} stands in between and cannot be suspended: " +
            $"let it {(isStarting ? "make the instance with InstantiateAsync" : "call the export with InvokeAsync")}, and return a task itself." +
            Trampoline.Remedy(barrier.Name),
            barrier.Name);
    }

    private static InvalidOperationException NoTask(HostFunction function) =>
        new($"The host function {function.Name} returned null instead of a task.");
}
