using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Hosting;

/// <summary>A host function that is not bound to a store yet: a delegate, the two of an import in two steps, or an untyped one with its type.</summary>
internal sealed class HostDefinition
{
    private readonly DelegateSignature? _signature;

    /// <exception cref="ArgumentException">The delegate does not fit an import.</exception>
    public HostDefinition(Delegate target)
    {
        Target = target;
        _signature = DelegateSignature.OfImport(target.GetType());
        Type = _signature.NaturalType;
        LostTasks.Refuse(target, _signature.IsAsync);
    }

    /// <exception cref="ArgumentException">The delegates do not fit an import.</exception>
    public HostDefinition(Delegate begin, Delegate complete)
    {
        Target = begin;
        Completion = complete;
        _signature = DelegateSignature.OfImport(begin.GetType(), complete.GetType());
        Type = _signature.NaturalType;
        LostTasks.Refuse(begin, isAsync: true);
        LostTasks.Refuse(complete, isAsync: false);
    }

    /// <param name="type">The type.</param>
    /// <param name="target">An <see cref="UntypedFunction"/> or <see cref="AsyncUntypedFunction"/>.</param>
    /// <exception cref="ArgumentException">It is several that return tasks.</exception>
    public HostDefinition(FuncType type, Delegate target)
    {
        Type = type;
        Target = target;
        LostTasks.Refuse(target, target is AsyncUntypedFunction);
    }

    public Delegate Target { get; }

    /// <summary>The second step; null if there is none.</summary>
    public Delegate? Completion { get; }

    /// <summary>The function type that fits best.</summary>
    public FuncType Type { get; }

    /// <summary>Whether the function can stand for an import of this type.</summary>
    public bool Fits(FuncType type, TypeRegistry types) => _signature?.FitsImport(type, types) ?? type.Matches(Type);

    /// <summary>What calls the delegates as a function of a type that fits.</summary>
    public HostThunk ThunkFor(DelegateThunks thunks, DefinedType type) =>
        _signature is null ? thunks.ForUntyped(Target.GetType(), type) : thunks.ForImport(_signature, type);
}
