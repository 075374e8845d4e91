using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;

namespace Fermata.Durable;

/// <summary>A function that the host does, of which arguments and result are numbers as WebAssembly has them.</summary>
internal sealed class NumericFunction : DurableFunction
{
    private static readonly Type[] Numbers = [typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double)];

    private readonly Delegate _call;
    private readonly JsonSerializerOptions _json;
    private readonly MethodInfo _invoke;
    private readonly Type[] _parameters;
    private readonly Type _result;

    /// <exception cref="ArgumentException">The delegate is of other types.</exception>
    public NumericFunction(string name, Delegate call, JsonSerializerOptions json)
        : base(name)
    {
        (_call, _json) = (call, json);
        _invoke = call.GetType().GetMethod(nameof(Action.Invoke))!;
        var parameters = Array.ConvertAll(_invoke.GetParameters(), static parameter => parameter.ParameterType);
        var returned = _invoke.ReturnType;
        _result = returned == typeof(Task) ? typeof(void)
            : returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(Task<>) ? returned.GetGenericArguments()[0]
            : typeof(object);
        if (parameters is not [var first, ..] || first != typeof(DurableCall) || parameters.Skip(1).Any(type => !Numbers.Contains(type)) || (_result != typeof(void) && !Numbers.Contains(_result)))
        {
            throw new ArgumentException(
                $"{name} must take a DurableCall and numbers (int, uint, long, ulong, float, double), and return a Task, or a Task of a number. With other types, say how the guest's arguments are read and its results written: " +
                "Define(module, name, request, call, complete).",
                nameof(call));
        }

        _parameters = parameters[1..];
    }

    public override async Task<string> CallAsync(DurableCall call, string request)
    {
        var asked = JsonSerializer.Deserialize<JsonElement[]>(request, _json)!;
        object?[] arguments = [call, .. asked.Zip(_parameters, (element, type) => element.Deserialize(type, _json))];
        var task = (Task)_invoke.Invoke(_call, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
        await task.ConfigureAwait(false);
        return _result == typeof(void) ? "null" : JsonSerializer.Serialize(task.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(task), _result, _json);
    }

    public (Delegate Begin, Delegate Complete) Steps()
    {
        var parameters = Array.ConvertAll(_parameters, static type => Expression.Parameter(type));
        var list = Expression.NewArrayInit(typeof(object), parameters.Select(parameter => Expression.Convert(parameter, typeof(object))));
        return Steps(Expression.Lambda(list, parameters).Compile(), value => new Asked(JsonSerializer.Serialize((object[])value!, _json)), complete: null, _result);
    }
}
