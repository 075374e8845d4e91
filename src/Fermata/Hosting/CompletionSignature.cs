using System.Reflection;

namespace Fermata.Hosting;

/// <summary>What the second step of an import in two steps takes and gives: the caller if it wants, what the task gave, and the arguments.</summary>
internal sealed class CompletionSignature
{
    /// <param name="delegateType">The type of the second step.</param>
    /// <param name="first">The type of the first step, for messages.</param>
    /// <param name="awaited">What the task of the first step gives; <c>void</c> for nothing.</param>
    /// <param name="parameters">The arguments that the first step takes.</param>
    /// <exception cref="ArgumentException">It does not fit the first step.</exception>
    public CompletionSignature(Type delegateType, Type first, Type awaited, Type[] parameters)
    {
        Invoke = delegateType.GetMethod(nameof(Action.Invoke)) ?? throw new ArgumentException($"{delegateType} is no particular delegate type.");
        var found = Array.ConvertAll(Invoke.GetParameters(), parameter => parameter.ParameterType).AsSpan();
        TakesCaller = found is [var caller, ..] && caller == typeof(Caller);
        if (TakesCaller)
            found = found[1..];
        Type[] expected = awaited == typeof(void) ? parameters : [awaited, .. parameters];
        if (!found.SequenceEqual(expected))
        {
            throw new ArgumentException(
                $"{delegateType} cannot complete {first}: besides a Caller, if it wants one, it has to take ({string.Join(", ", expected.Select(type => type.ToString()))}).");
        }

        if (DelegateSignature.Await(Invoke.ReturnType).IsAsync || typeof(Task).IsAssignableFrom(Invoke.ReturnType))
            throw new ArgumentException($"{delegateType} returns a task, but the second step of an import runs to its end: wait in the first one.");
        Results = ResultField.Of(Invoke.ReturnType);
    }

    public MethodInfo Invoke { get; }

    /// <summary>Whether the first parameter is the <see cref="Caller"/>.</summary>
    public bool TakesCaller { get; }

    /// <summary>The results in what is returned.</summary>
    public ResultField[] Results { get; }
}
