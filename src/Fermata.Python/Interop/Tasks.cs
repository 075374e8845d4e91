namespace Fermata.Python.Interop;

/// <summary>Tasks of all types, as tasks for objects.</summary>
internal static class Tasks
{
    public static bool IsValueTask(object value) => value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>);

    /// <summary>The task of a <see cref="Task"/> or <see cref="ValueTask{TResult}"/>, whose result is null if it has none.</summary>
    public static Task<object?> ToTask(object value) => value switch
    {
        Task<object?> task => task,
        Task task => ResultOfAsync(task),
        ValueTask task => ResultOfAsync(task.AsTask()),
        _ => ResultOfAsync((Task)value.GetType().GetMethod(nameof(ValueTask<>.AsTask))!.Invoke(value, null)!),
    };

    private static async Task<object?> ResultOfAsync(Task task)
    {
        await task.ConfigureAwait(false);
        // A task without a result is one with an internal result.
        return task.GetType().GetProperty(nameof(Task<>.Result))?.GetValue(task) is { } result && result.GetType().FullName != "System.Threading.Tasks.VoidTaskResult" ? result : null;
    }
}
