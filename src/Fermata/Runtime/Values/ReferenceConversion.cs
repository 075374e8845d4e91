namespace Fermata.Runtime;

/// <summary>Checks references on their way between .NET and WebAssembly. Called by generated code.</summary>
internal static class ReferenceConversion
{
    /// <summary>A reference that WebAssembly passes to a host function.</summary>
    /// <exception cref="InvalidCastException">The delegate takes objects of another type.</exception>
    public static T? ToParameter<T>(object? value, HostFunction function, int index)
        where T : class =>
        value as T ?? (value is null ? null : throw WrongObject($"Parameter {index + 1} of {function.Name}", typeof(T), value));

    /// <summary>A reference that a function of WebAssembly returns.</summary>
    /// <exception cref="InvalidCastException">The delegate returns objects of another type.</exception>
    public static T? ToResult<T>(object? value, Function function, int index)
        where T : class =>
        value as T ?? (value is null ? null : throw WrongObject($"Result {index + 1} of {function.PrintableName}", typeof(T), value));

    /// <summary>A reference that a host function returns.</summary>
    /// <exception cref="InvalidCastException">It does not have the result type of the import.</exception>
    public static object? FromResult(object? value, HostFunction function, int index)
    {
        var type = function.Type.Func!.ResultArray[index];
        return IsOf(value, type, function.Store) ? value : throw WrongResult(function, index, $"returned {Describe(value, function.Store)}");
    }

    /// <summary>A reference that is passed to a function of WebAssembly.</summary>
    /// <exception cref="ArgumentException">It does not have the type of the parameter.</exception>
    public static object? FromArgument(object? value, Function function, int index)
    {
        var type = function.Type.ParameterArray[index];
        return IsOf(value, type, function.Store) ? value : throw WrongArgument(function, index, Describe(value, function.Store));
    }

    /// <summary>Whether a reference may be used in a store where the type is asked for.</summary>
    public static bool IsOf(object? value, ValType type, Store store) =>
        ReferenceTyping.Matches(value, type, store);

    /// <summary>Whether every object may stand where the type is asked for.</summary>
    public static bool TakesAnything(ValType type) => type.IsNullable && ReferenceTyping.TakesEveryObject(type.Heap);

    public static ArgumentException WrongArgument(Function function, int index, string found) =>
        new($"Argument {index + 1} of {function.PrintableName} must be {function.Type.ParameterArray[index]}, found {found}.");

    public static InvalidCastException WrongResult(HostFunction function, int index, Value found) =>
        WrongResult(function, index, found.Type == default ? "did not set it" : $"returned {Describe(found, function.Store)}");

    private static InvalidCastException WrongResult(HostFunction function, int index, string what) =>
        new($"Result {index + 1} of the host function {function.Name} is a {function.Type.Func!.ResultArray[index]}, but the delegate {what}.");

    /// <summary>What does not fit into a store, for the end of a message.</summary>
    public static string Describe(object? value, Store store) => DescribeStranger(value, store) ?? value switch
    {
        Function function => $"a function of type {function.Type}",
        _ => Value.DescribeReference(value),
    };

    /// <inheritdoc cref="Describe(object?, Store)"/>
    public static string Describe(Value value, Store store) => DescribeStranger(value.Reference, store) ?? value.ToString();

    /// <summary>What belongs to another store or engine, and what to do about it; null for anything else.</summary>
    private static string? DescribeStranger(object? value, Store store) => value switch
    {
        Function function => function.Store == store
            ? null
            : "a function of another store. Take it from an instance of this store, or wrap calls of it in a delegate (Function.Create)",
        not null when AggregateClass.Find(value) is { } aggregate && aggregate.Registry != store.Engine.Types =>
            "a structure or array of another engine. Use one engine for all modules that share objects",
        _ => null,
    };

    private static InvalidCastException WrongObject(string what, Type type, object value) =>
        new($"{what} is a {type}, but WebAssembly passed a {value.GetType()}.");
}
