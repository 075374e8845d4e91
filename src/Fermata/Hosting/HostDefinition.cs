using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Hosting;

/// <summary>A host function that is not bound to a store yet: a delegate, the two of an import in two steps, or an untyped one with its type.</summary>
/// <remarks>It keeps its type, and so what was compiled for it, while modules come and go.</remarks>
internal sealed class HostDefinition
{
    private readonly DelegateSignature? _signature;

    /// <param name="types">The types of the engine.</param>
    /// <param name="target">The delegate.</param>
    /// <exception cref="ArgumentException">The delegate does not fit an import.</exception>
    public HostDefinition(TypeRegistry types, Delegate target)
    {
        Target = target;
        _signature = DelegateSignature.OfImport(target.GetType());
        Type = types.Intern(_signature.NaturalType);
        LostTasks.Refuse(target, _signature.IsAsync);
    }

    /// <param name="types">The types of the engine.</param>
    /// <param name="begin">The first step.</param>
    /// <param name="complete">The second step.</param>
    /// <exception cref="ArgumentException">The delegates do not fit an import.</exception>
    public HostDefinition(TypeRegistry types, Delegate begin, Delegate complete)
    {
        Target = begin;
        Completion = complete;
        _signature = DelegateSignature.OfImport(begin.GetType(), complete.GetType());
        Type = types.Intern(_signature.NaturalType);
        LostTasks.Refuse(begin, isAsync: true);
        LostTasks.Refuse(complete, isAsync: false);
    }

    /// <param name="types">The types of the engine.</param>
    /// <param name="type">The type.</param>
    /// <param name="target">An <see cref="UntypedFunction"/> or <see cref="AsyncUntypedFunction"/>.</param>
    /// <exception cref="ArgumentException">It is several that return tasks.</exception>
    /// <exception cref="InvalidOperationException">The type refers to one that is gone.</exception>
    public HostDefinition(TypeRegistry types, FuncType type, Delegate target)
    {
        Type = types.Intern(type);
        Target = target;
        LostTasks.Refuse(target, target is AsyncUntypedFunction);
    }

    public Delegate Target { get; }

    /// <summary>The second step; null if there is none.</summary>
    public Delegate? Completion { get; }

    /// <summary>The function type that fits best.</summary>
    public DefinedType Type { get; }

    /// <summary>Whether the function can stand for an import of this type.</summary>
    public bool Fits(FuncType type, TypeRegistry types) => _signature?.FitsImport(type, types) ?? type.Matches(Type.Func!);

    /// <summary>What calls the delegates as a function of a type that fits.</summary>
    /// <param name="thunks">The code for the type.</param>
    public HostThunk ThunkIn(FunctionThunks thunks) => _signature is null ? thunks.ForUntyped(Target.GetType()) : thunks.ForImport(_signature);
}
