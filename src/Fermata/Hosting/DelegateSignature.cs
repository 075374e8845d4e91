using System.Reflection;
using System.Runtime.CompilerServices;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Hosting;

/// <summary>What a delegate type takes and gives, in terms of WebAssembly.</summary>
internal sealed class DelegateSignature
{
    private static readonly ConditionalWeakTable<Type, DelegateSignature> Known = [];
    private static readonly ConditionalWeakTable<Type, ConditionalWeakTable<Type, DelegateSignature>> KnownInTwoSteps = [];

    private DelegateSignature(Type delegateType, Type? completion)
    {
        DelegateType = delegateType;
        Invoke = delegateType.GetMethod(nameof(Action.Invoke))
            ?? throw new ArgumentException($"{delegateType} is no particular delegate type.");
        var parameters = Array.ConvertAll(Invoke.GetParameters(), parameter => parameter.ParameterType).AsSpan();
        if (parameters is [var first, ..] && first == typeof(Caller))
        {
            TakesCaller = true;
            parameters = parameters[1..];
        }

        (IsAsync, Awaited) = Await(Invoke.ReturnType);
        if (parameters is [.., var last] && last == typeof(CancellationToken))
        {
            TakesCancellation = true;
            parameters = parameters[..^1];
        }

        Parameters = parameters.ToArray();
        Completion = completion is null ? null : new CompletionSignature(completion, delegateType, Awaited, Parameters);
        Results = Completion?.Results ?? ResultField.Of(Awaited);
        NaturalType = new FuncType(
            Array.ConvertAll(Parameters, type => NaturalValType.Of(type) ?? throw Unsupported("parameter", type)),
            Array.ConvertAll(Results, result => NaturalValType.Of(result.Type) ?? throw Unsupported("result", result.Type)));
    }

    public Type DelegateType { get; }

    public MethodInfo Invoke { get; }

    /// <summary>Whether the first parameter is the <see cref="Caller"/>.</summary>
    public bool TakesCaller { get; }

    /// <summary>Whether the last parameter is a <see cref="CancellationToken"/>.</summary>
    public bool TakesCancellation { get; }

    /// <summary>The other parameters.</summary>
    public Type[] Parameters { get; }

    /// <summary>Whether a task is returned.</summary>
    public bool IsAsync { get; }

    /// <summary>The return type, or what the returned task gives; <c>void</c> for nothing.</summary>
    public Type Awaited { get; }

    /// <summary>The second step of an import in two steps; null for any other delegate.</summary>
    public CompletionSignature? Completion { get; }

    /// <summary>The results in <see cref="Awaited"/>, or in what the second step returns.</summary>
    public ResultField[] Results { get; }

    /// <summary>The function type that fits best.</summary>
    public FuncType NaturalType { get; }

    /// <summary>Looks at a delegate type.</summary>
    /// <exception cref="ArgumentException">It has parameters or results that WebAssembly cannot pass.</exception>
    public static DelegateSignature Of(Type delegateType) => Known.GetValue(delegateType, static type => new DelegateSignature(type, null));

    /// <summary>Looks at the type of a delegate that WebAssembly is to call.</summary>
    /// <exception cref="ArgumentException">As <see cref="Of"/>; or it takes a token and is no suspending import, which a call could be cancelled in; or it is untyped.</exception>
    public static DelegateSignature OfImport(Type delegateType)
    {
        if (delegateType == typeof(UntypedFunction) || delegateType == typeof(AsyncUntypedFunction))
            throw new ArgumentException($"{delegateType} does not say what type the function has: give a FuncType with it.");
        var signature = Of(delegateType);
        return signature.IsAsync || !signature.TakesCancellation
            ? signature
            : throw new ArgumentException($"{delegateType} has a CancellationToken, but returns no task: only a suspending import is told when its call is cancelled.");
    }

    /// <summary>Looks at the types of the delegates of an import in two steps.</summary>
    /// <exception cref="ArgumentException">The first step returns no task, the second does not fit it, or WebAssembly cannot pass the parameters or results.</exception>
    public static DelegateSignature OfImport(Type first, Type second)
    {
        var signature = KnownInTwoSteps.GetValue(first, static _ => []).GetValue(second, type => new DelegateSignature(first, type));
        return signature.IsAsync ? signature : throw new ArgumentException($"{first} returns no task: the first step of an import in two steps is the one that may wait.");
    }

    /// <summary>Whether such a delegate can stand for an import.</summary>
    public bool FitsImport(FuncType type, TypeRegistry types) => Fits(type, types);

    /// <summary>Whether such a delegate can stand for an export.</summary>
    public bool FitsExport(FuncType type, TypeRegistry types) => !TakesCaller && Fits(type, types);

    /// <summary>Whether a return type is that of a task which is waited for, and what it gives then; <c>void</c> for nothing.</summary>
    public static (bool IsAsync, Type Awaited) Await(Type type)
    {
        if (type == typeof(Task) || type == typeof(ValueTask))
            return (true, typeof(void));
        if (type.IsGenericType && type.GetGenericTypeDefinition() is var definition
            && (definition == typeof(Task<>) || definition == typeof(ValueTask<>)))
            return (true, type.GetGenericArguments()[0]);
        return (false, type);
    }

    /// <summary>The signature as a WebAssembly type, for messages.</summary>
    public override string ToString() => NaturalType.ToString();

    private bool Fits(FuncType type, TypeRegistry types)
    {
        if (type.ParameterArray.Length != Parameters.Length || type.ResultArray.Length != Results.Length)
            return false;
        for (var i = 0; i < Parameters.Length; i++)
        {
            if (!Fits(type.ParameterArray[i], Parameters[i], types))
                return false;
        }

        for (var i = 0; i < Results.Length; i++)
        {
            if (!Fits(type.ResultArray[i], Results[i].Type, types))
                return false;
        }

        return true;
    }

    private static bool Fits(ValType value, Type type, TypeRegistry types)
    {
        if (!value.IsRef)
            return NaturalValType.Of(type) == value;
        var top = types.Top(value.Heap);
        return type == typeof(object)
            || top == HeapType.Func && type == typeof(Function)
            || (top == HeapType.Extern || top == HeapType.Any) && NaturalValType.Of(type) is { IsRef: true };
    }

    private ArgumentException Unsupported(string what, Type type) => new(
        $"The {what} type {type} of {DelegateType} has no WebAssembly type. {NaturalValType.Supported}");
}
