using System.Linq.Expressions;
using System.Reflection;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten;

/// <summary>
/// Makes functions of the types that programs want of host functions that have nearly these types. Programs that were built for a JavaScript without 64-bit integers pass
/// each as two of 32 bits, the lower half first, and take the upper half of a result from <c>getTempRet0</c>. Others declare a function with a result, or without one, as C
/// does not check this between files.
/// </summary>
internal static class FittingFunction
{
    private const int BitsOfHalf = 32;

    private static readonly MethodInfo SetUpperHalfMethod = typeof(FittingFunction).GetMethod(nameof(SetUpperHalf), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>A host function as a program wants it; as it is if nothing can be done.</summary>
    /// <param name="function">The host function.</param>
    /// <param name="given">Its type.</param>
    /// <param name="wanted">The type that the program wants.</param>
    public static HostFunction Of(HostFunction function, FuncType given, FuncType wanted)
    {
        var (hasParameters, hasResults) = (given.Parameters.SequenceEqual(wanted.Parameters), given.Results.SequenceEqual(wanted.Results));
        if ((hasParameters && hasResults) || !CanFitParameters(given.Parameters, wanted.Parameters) || !CanFitResults(given.Results, wanted.Results))
            return function;
        var begin = FitParameters(function.Begin, given.Parameters, wanted.Parameters);
        var complete = function.Complete is null ? null : FitParameters(function.Complete, given.Parameters, wanted.Parameters);
        return function with
        {
            Begin = hasResults || complete is not null || AwaitedOf(begin) is not null ? begin : FitResult(begin, wanted.Results),
            Complete = hasResults ? complete

                // What gives a task gets a second step, in which the result is there.
                : complete is null ? AwaitedOf(begin) is { } awaited ? NewStep(awaited, begin, wanted.Results) : null
                : FitResult(complete, wanted.Results),
        };
    }

    private static bool CanFitParameters(IReadOnlyList<ValType> given, IReadOnlyList<ValType> wanted)
    {
        var next = 0;
        foreach (var type in given)
        {
            if (next < wanted.Count && wanted[next].Equals(type))
                next++;
            else if (type.Kind == ValKind.I64 && IsPair(wanted, next))
                next += 2;
            else
                return false;
        }

        return next == wanted.Count;
    }

    private static bool CanFitResults(IReadOnlyList<ValType> given, IReadOnlyList<ValType> wanted) => (given, wanted) switch
    {
        (_, []) => true,
        ([], [{ IsRef: false }]) => true,
        ([{ Kind: ValKind.I64 }], [{ Kind: ValKind.I32 }]) => true,
        _ => given.SequenceEqual(wanted),
    };

    /// <summary>Whether a number of 64 bits can be passed at a place as two of 32.</summary>
    public static bool IsPair(IReadOnlyList<ValType> types, int index) =>
        index + 1 < types.Count && types[index].Kind == ValKind.I32 && types[index + 1].Kind == ValKind.I32;

    /// <summary>A delegate that takes numbers of 64 bits as the program passes them.</summary>
    private static Delegate FitParameters(Delegate function, IReadOnlyList<ValType> given, IReadOnlyList<ValType> wanted)
    {
        if (given.SequenceEqual(wanted))
            return function;
        var parameters = new List<ParameterExpression>();
        var arguments = new List<Expression>();
        var (next, index) = (0, 0);
        var all = Signature(function).GetParameters();

        // A second step takes what the first gave before the arguments.
        var first = all.Length - given.Count - (all[^1].ParameterType == typeof(CancellationToken) ? 1 : 0);
        foreach (var (position, parameter) in all.Index())
        {
            var isArgument = position >= first && index < given.Count;
            if (isArgument && given[index].Kind == ValKind.I64 && !wanted[next].Equals(given[index]))
            {
                var (low, high) = (Expression.Parameter(typeof(int), $"{parameter.Name}Low"), Expression.Parameter(typeof(int), $"{parameter.Name}High"));
                parameters.AddRange([low, high]);
                arguments.Add(Expression.Convert(
                    Expression.Or(
                        Expression.Convert(Expression.Convert(low, typeof(uint)), typeof(long)),
                        Expression.LeftShift(Expression.Convert(high, typeof(long)), Expression.Constant(BitsOfHalf))),
                    parameter.ParameterType));
                next += 2;
            }
            else
            {
                var same = Expression.Parameter(parameter.ParameterType, parameter.Name);
                parameters.Add(same);
                arguments.Add(same);
                next += isArgument ? 1 : 0;
            }

            index += isArgument ? 1 : 0;
        }

        return Expression.Lambda(Expression.Invoke(Expression.Constant(function), arguments), parameters).Compile();
    }

    /// <summary>A delegate that gives the wanted result of what another gives at once.</summary>
    private static Delegate FitResult(Delegate function, IReadOnlyList<ValType> wanted)
    {
        var parameters = Signature(function).GetParameters()
            .Select(parameter => Expression.Parameter(parameter.ParameterType, parameter.Name)).ToList();
        Expression[] arguments = [.. parameters];
        var caller = parameters.Find(parameter => parameter.Type == typeof(Caller));
        if (caller is null)
            parameters.Insert(0, caller = Expression.Parameter(typeof(Caller), "caller"));
        return Expression.Lambda(ToWanted(caller, Expression.Invoke(Expression.Constant(function), arguments), wanted), parameters).Compile();
    }

    /// <summary>A second step for a delegate that gives a task, which gives the wanted result.</summary>
    private static Delegate NewStep(Type awaited, Delegate begin, IReadOnlyList<ValType> wanted)
    {
        var caller = Expression.Parameter(typeof(Caller), "caller");
        var given = awaited == typeof(void) ? null : Expression.Parameter(awaited, "given");
        var arguments = Signature(begin).GetParameters()
            .Where(parameter => parameter.ParameterType != typeof(Caller) && parameter.ParameterType != typeof(CancellationToken))
            .Select(parameter => Expression.Parameter(parameter.ParameterType, parameter.Name));
        return Expression.Lambda(
            ToWanted(caller, given is null ? Expression.Empty() : given, wanted),
            [caller, .. given is null ? Array.Empty<ParameterExpression>() : [given], .. arguments]).Compile();
    }

    private static Expression ToWanted(ParameterExpression caller, Expression given, IReadOnlyList<ValType> wanted)
    {
        if (wanted.Count == 0)
            return Expression.Block(typeof(void), given);
        if (given.Type != typeof(void))
            return Expression.Call(SetUpperHalfMethod, caller, Expression.Convert(given, typeof(long)));
        var type = wanted[0].Kind switch
        {
            ValKind.I64 => typeof(long),
            ValKind.F32 => typeof(float),
            ValKind.F64 => typeof(double),
            _ => typeof(int),
        };
        return Expression.Block(given, Expression.Default(type));
    }

    private static Type? AwaitedOf(Delegate function) => AwaitedOf(Signature(function).ReturnType);

    /// <summary>What a task of a type gives, <c>void</c> for nothing; null if the type is not that of tasks.</summary>
    public static Type? AwaitedOf(Type type) =>
        type == typeof(Task) || type == typeof(ValueTask) ? typeof(void)
            : type.IsGenericType && type.GetGenericTypeDefinition() is var generic && (generic == typeof(Task<>) || generic == typeof(ValueTask<>)) ? type.GetGenericArguments()[0]
            : null;

    private static MethodInfo Signature(Delegate function) => function.GetType().GetMethod(nameof(Action.Invoke))!;

    /// <summary>Keeps the upper half of a result where the program looks for it.</summary>
    /// <returns>The lower half.</returns>
    private static int SetUpperHalf(Caller caller, long result)
    {
        EmscriptenContext.Of(caller).Exports.Find("_emscripten_tempret_set", "setTempRet0")?.Invoke((int)(result >> BitsOfHalf));
        return (int)result;
    }
}
