using System.Collections.Concurrent;
using System.Linq.Expressions;

namespace Fermata.Fuzz.Running;

/// <summary>Makes delegates of any signature that all call one function with an array of arguments.</summary>
internal static class HostDelegates
{
    private static readonly ConcurrentDictionary<string, Func<HostFunctionBody, Delegate>> Makers = new();

    public delegate object?[] HostFunctionBody(object?[] arguments);

    /// <summary>A delegate.</summary>
    /// <param name="parameters">Its parameters: "i32", "i64", or anything else for a reference.</param>
    /// <param name="results">Its results.</param>
    /// <param name="body">What it calls.</param>
    public static Delegate Create(IReadOnlyList<string> parameters, IReadOnlyList<string> results, HostFunctionBody body) =>
        Makers.GetOrAdd(string.Join(' ', parameters) + ":" + string.Join(' ', results), _ => CreateMaker(parameters, results))(body);

    private static Func<HostFunctionBody, Delegate> CreateMaker(IReadOnlyList<string> parameters, IReadOnlyList<string> results)
    {
        var body = Expression.Parameter(typeof(HostFunctionBody));
        var arguments = parameters.Select(type => Expression.Parameter(ClrType(type))).ToArray();
        var call = Expression.Invoke(
            body, Expression.NewArrayInit(typeof(object), arguments.Select(argument => Expression.Convert(argument, typeof(object)))));
        var types = results.Select(ClrType).ToArray();
        var returned = Expression.Variable(typeof(object[]));
        var values = types.Select(
            (type, i) => (Expression)Expression.Convert(Expression.ArrayIndex(returned, Expression.Constant(i)), type)).ToArray();
        var result = values switch
        {
            [] => Expression.Empty(),
            [var single] => single,
            _ => NewTuple(types, values),
        };
        var delegateType = Expression.GetDelegateType([.. arguments.Select(argument => argument.Type), result.Type]);
        var inner = Expression.Lambda(delegateType, Expression.Block([returned], Expression.Assign(returned, call), result), arguments);
        return Expression.Lambda<Func<HostFunctionBody, Delegate>>(inner, body).Compile();
    }

    /// <summary>A value tuple, which nests from the eighth element on.</summary>
    private static NewExpression NewTuple(ReadOnlySpan<Type> types, ReadOnlySpan<Expression> values)
    {
        if (types.Length <= 7)
            return Expression.New(TupleType(types).GetConstructor(types.ToArray())!, values.ToArray());
        var rest = NewTuple(types[7..], values[7..]);
        Type[] all = [.. types[..7], rest.Type];
        return Expression.New(typeof(ValueTuple<,,,,,,,>).MakeGenericType(all).GetConstructor(all)!, [.. values[..7], rest]);
    }

    private static Type TupleType(ReadOnlySpan<Type> types) =>
        Type.GetType($"System.ValueTuple`{types.Length}")!.MakeGenericType(types.ToArray());

    private static Type ClrType(string type) => type switch
    {
        "i32" => typeof(int),
        "i64" => typeof(long),
        _ => typeof(object),
    };
}
