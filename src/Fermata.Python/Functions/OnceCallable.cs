using Fermata.Python.Interop;

namespace Fermata.Python.Functions;

/// <summary>A function of Python that is called once, which gives it back.</summary>
/// <param name="python">The interpreter.</param>
/// <param name="function">The function.</param>
/// <param name="maySuspend">Whether Python may wait in it.</param>
internal sealed class OnceCallable(Interpreter python, PythonObject function, bool maySuspend) : IDisposable
{
    /// <summary>Calls it.</summary>
    public object? Call(IReadOnlyList<object?> arguments)
    {
        if (maySuspend)
            return CallPromisingAsync([.. arguments]);
        using (function)
            return python.Call(function, arguments);
    }

    /// <summary>Gives the function back, which is not going to be called.</summary>
    public void Dispose() => function.Dispose();

    private async Task<object?> CallPromisingAsync(object?[] arguments)
    {
        using (function)
            return await python.CallPromisingAsync(function, arguments).ConfigureAwait(false);
    }
}
