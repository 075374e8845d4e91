using Fermata.Python.Interop;
using Fermata.Python.Views;

namespace Fermata.Python.Functions;

/// <summary>Two functions, for the result of a task and for its exception, of which one is called.</summary>
/// <param name="python">The interpreter.</param>
/// <param name="onResult">What takes the result in Python.</param>
/// <param name="onException">What takes the exception.</param>
/// <param name="done">Is called last.</param>
/// <param name="converter">Converts the result.</param>
internal sealed class PromiseHandles(Interpreter python, PythonObject? onResult, PythonObject? onException, HostMethod? done, PythonObject? converter)
{
    /// <summary>What takes the result in Python: the method of a future that sets it.</summary>
    public PythonObject? OnResult => onResult;

    public object? Fulfil(IReadOnlyList<object?> arguments) => Settle(arguments[0], () =>
    {
        if (onResult is not null)
            python.RequireSuccess(python.C.ResolvePromise(onResult.Pointer, converter?.Pointer ?? 0, arguments[0]));
        return null;
    });

    public object? Reject(IReadOnlyList<object?> arguments) => Settle(Marker.Undefined, () => onException is null ? null : python.Call(onException, arguments));

    private object? Settle(object? result, Func<object?> tell)
    {
        try
        {
            return tell();
        }
        catch (Exception e)
        {
            python.Lost.Tell(e);
            throw;
        }
        finally
        {
            Finish(result);
        }
    }

    private void Finish(object? result)
    {
        done?.Invoke([result]);
        onResult?.Dispose();
        onException?.Dispose();
        converter?.Dispose();
    }
}
