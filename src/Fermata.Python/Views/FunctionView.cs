using Fermata.Python.Interop;

namespace Fermata.Python.Views;

/// <summary>Functions: those that the host exposes, and those of views.</summary>
/// <param name="interpreter">Calls them.</param>
internal sealed class FunctionView(Interpreter interpreter) : HostView
{
    public override HostTraits TraitsOf(object value) => HostTraits.Callable;

    public override string TypeNameOf(object value) => "function";

    public override string TextOf(object value) => value is ExposedFunction function ? $"<function {function.Name} of the host>" : "<function of the host>";

    public override bool TryGet(object value, string name, out object? result)
    {
        result = value is ExposedFunction function && name is "name" or "__name__" ? ((ExposedFunction)value).Name : null;
        return result is not null;
    }

    public override object? Call(object value, IReadOnlyList<object?> arguments) => value switch
    {
        HostMethod method => method(arguments),
        ExposedFunction function => interpreter.HostCalls.Call(function, arguments),
        _ => base.Call(value, arguments),
    };
}
