using System.Reflection;
using Fermata.Python.Interop;

namespace Fermata.Python.Views;

/// <summary>A method that Python may call, with arguments by position and by name, which are converted to the types of its parameters.</summary>
internal sealed class ExposedFunction
{
    private readonly MethodInfo[] _overloads;
    private readonly object? _target;

    public ExposedFunction(string name, object? target, params MethodInfo[] overloads) => (Name, _target, _overloads) = (name, target, overloads);

    public ExposedFunction(string name, Delegate function)
        : this(name, function.Target, function.Method)
    {
    }

    /// <summary>What Python calls it.</summary>
    public string Name { get; }

    /// <summary>Whether it returns a task, and takes a token that cancels that.</summary>
    public bool IsCancellable => Array.TrueForAll(_overloads, method => IsTask(method.ReturnType)) && Array.Exists(_overloads, method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(CancellationToken)));

    /// <summary>Calls the method with a set of parameters that fits.</summary>
    /// <param name="arguments">Arguments by position, and behind them a <see cref="HostNamespace"/> if there are some by name.</param>
    /// <param name="ending">The argument for a parameter of type <see cref="CancellationToken"/>.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public object? Call(IReadOnlyList<object?> arguments, CancellationToken ending)
    {
        var names = arguments is [.., HostNamespace named] ? named : null;
        var count = names is null ? arguments.Count : arguments.Count - 1;
        ArgumentException? misfit = null;
        foreach (var method in _overloads)
        {
            object?[] values;
            try
            {
                values = Bind(method, arguments, count, names, ending);
            }
            catch (ArgumentException e)
            {
                misfit ??= e;
                continue;
            }

            return method.Invoke(_target, BindingFlags.DoNotWrapExceptions, null, values, null);
        }

        throw misfit ?? new ArgumentException($"{Name} cannot be called.");
    }

    private static bool IsTask(Type type) =>
        typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));

    /// <summary>The value of each parameter.</summary>
    private object?[] Bind(MethodInfo method, IReadOnlyList<object?> arguments, int count, HostNamespace? names, CancellationToken ending)
    {
        var parameters = method.GetParameters();
        // A delegate of a static method that was compiled from an expression, or is closed over its first argument, has one parameter more than it takes.
        var skipped = method.IsStatic && _target is not null ? 1 : 0;
        var values = new object?[parameters.Length];
        if (skipped == 1)
            values[0] = _target;
        var (taken, named) = (0, 0);
        for (var index = skipped; index < parameters.Length; index++)
        {
            var parameter = parameters[index];
            if (parameter.IsDefined(typeof(ParamArrayAttribute)))
                values[index] = RestOf(parameter.ParameterType, arguments, ref taken, count);
            else if (taken < count)
                values[index] = Convert(arguments[taken++], parameter);
            else if (names is not null && NameOf(parameter, names) is { } name)
                (values[index], named) = (Convert(names[name], parameter), named + 1);
            else if (parameter.ParameterType == typeof(CancellationToken))
                values[index] = ending;
            else if (parameter.HasDefaultValue)
                values[index] = parameter.DefaultValue;
            else
                throw new ArgumentException($"{Name}() misses the argument {MemberNames.ToPython(parameter.Name!)}.");
        }

        if (taken < count)
            throw new ArgumentException($"{Name}() takes {parameters.Length - skipped} arguments, and {count} were given.");
        if (names is not null && named < names.Count)
            throw new ArgumentException($"{Name}() has no argument {names.Keys.First(key => !parameters.Any(parameter => NameOf(parameter, key)))}.");
        return values;
    }

    private object? Convert(object? value, ParameterInfo parameter)
    {
        try
        {
            return HostConversion.To(value, parameter.ParameterType);
        }
        catch (InvalidCastException e)
        {
            throw new ArgumentException($"{Name}(): the argument {MemberNames.ToPython(parameter.Name!)}: {e.Message}", e);
        }
    }

    private static Array RestOf(Type type, IReadOnlyList<object?> arguments, ref int taken, int count)
    {
        var element = type.GetElementType()!;
        var rest = Array.CreateInstance(element, count - taken);
        for (var index = 0; taken < count; index++)
            rest.SetValue(HostConversion.To(arguments[taken++], element), index);
        return rest;
    }

    private static string? NameOf(ParameterInfo parameter, HostNamespace names) => names.Keys.FirstOrDefault(name => NameOf(parameter, name));

    private static bool NameOf(ParameterInfo parameter, string name) => name == parameter.Name || name == MemberNames.ToPython(parameter.Name!);
}
