using Fermata.Python.Interop;

namespace Fermata.Python.Views;

/// <summary>Tasks, which Python awaits, in a coroutine or by <c>run_sync</c>.</summary>
/// <param name="interpreter">Calls back.</param>
internal sealed class TaskView(Interpreter interpreter) : HostView
{
    public override HostTraits TraitsOf(object value) => HostTraits.Awaitable;

    public override string TypeNameOf(object value) => "Promise";

    public override string TextOf(object value) => "<task of the host>";

    public override bool TryGet(object value, string name, out object? result)
    {
        result = name == "then" ? (HostMethod)(arguments => Then((Task<object?>)value, arguments[0], arguments.Count > 1 ? arguments[1] : null)) : null;
        return result is not null;
    }

    private Task<object?> Then(Task<object?> task, object? onFulfilled, object? onRejected)
    {
        interpreter.HostCalls.CancelWith(task, onFulfilled);
        return interpreter.Then(task, onFulfilled, onRejected);
    }
}
