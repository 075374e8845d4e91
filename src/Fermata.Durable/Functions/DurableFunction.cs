using System.Linq.Expressions;
using System.Reflection;

namespace Fermata.Durable;

/// <summary>A function of the host that guests wait for: what it is asked is recorded before it is called, and what it answers before the guest goes on.</summary>
/// <param name="name">The import: module and name with a dot between them.</param>
internal abstract class DurableFunction(string name)
{
    public string Name { get; } = name;

    /// <summary>Does what was asked; for functions that are answered from elsewhere or by the time this is not called.</summary>
    /// <param name="call">The call.</param>
    /// <param name="request">What was asked, in JSON.</param>
    /// <returns>The answer, in JSON.</returns>
    public virtual Task<string> CallAsync(DurableCall call, string request) => throw new NotSupportedException($"{Name} is not called.");

    /// <summary>The two steps of an import for the linker: the first begins a wait, the second takes what it gave.</summary>
    /// <param name="request">The delegate that makes of the arguments what is asked.</param>
    /// <param name="toAsked">What becomes of it.</param>
    /// <param name="complete">The delegate that makes results of the answer; null to return the answer itself.</param>
    /// <param name="answer">The type of the answer; <c>void</c> for none.</param>
    protected (Delegate Begin, Delegate Complete) Steps(Delegate request, Func<object?, Asked> toAsked, Delegate? complete, Type answer)
    {
        var caller = Expression.Parameter(typeof(Caller), "caller");
        var (takesCaller, parameters) = Parameters(request, 0);
        var asked = Expression.Invoke(
            Expression.Constant(toAsked),
            Expression.Convert(Expression.Invoke(Expression.Constant(request), takesCaller ? [caller, .. parameters] : parameters), typeof(object)));
        var begin = Expression.Lambda(Expression.Call(Expression.Constant(this), Begins, caller, asked), [caller, .. parameters]);

        var wait = Expression.Parameter(typeof(object), "wait");
        Expression take = Expression.Call(Expression.Convert(wait, typeof(Wait)), answer == typeof(void) ? Takes : TakesAnswer.MakeGenericMethod(answer));
        var body = take;
        if (complete is not null)
        {
            var answers = answer == typeof(void) ? 0 : 1;
            var (completeTakesCaller, completeParameters) = Parameters(complete, answers);
            if (!completeParameters.Skip(answers).Select(parameter => parameter.Type).SequenceEqual(parameters.Select(parameter => parameter.Type)))
                throw new ArgumentException($"The second step of {Name} must take the parameters of the first behind the answer ({answer}), and a Caller before, if it wants.", nameof(complete));
            Expression[] arguments = [.. completeTakesCaller ? [caller] : Array.Empty<Expression>(), .. answers == 1 ? [take] : Array.Empty<Expression>(), .. parameters];
            body = Expression.Invoke(Expression.Constant(complete), arguments);
            if (answers == 0)
                body = Expression.Block(take, body);
        }

        return (begin.Compile(), Expression.Lambda(body, [caller, wait, .. parameters]).Compile());
    }

    private static readonly MethodInfo Begins = typeof(DurableFunction).GetMethod(nameof(Begin), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private static readonly MethodInfo Takes = typeof(Wait).GetMethod(nameof(Wait.Take))!;

    private static readonly MethodInfo TakesAnswer = typeof(Wait).GetMethod(nameof(Wait.TakeAnswer))!;

    private static (bool TakesCaller, ParameterExpression[] Parameters) Parameters(Delegate function, int answers)
    {
        var types = Array.ConvertAll(function.GetType().GetMethod(nameof(Action.Invoke))!.GetParameters(), static parameter => parameter.ParameterType);
        var takesCaller = types is [var first, ..] && first == typeof(Caller);
        types = types[(takesCaller ? 1 : 0)..];
        if (types.Length < answers)
            throw new ArgumentException($"{function.GetType()} does not take the answer.", nameof(function));
        return (takesCaller, Array.ConvertAll(types, static type => Expression.Parameter(type)));
    }

    private Task<object> Begin(Caller caller, Asked asked)
    {
        if (!caller.Store.TryGetData<RunningStore>(out var store))
            throw new InvalidOperationException($"{Name} can only be called in a durable call.");
        return store.Begin(caller.CallKey, this, asked);
    }
}
