using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>Code that depends on types alone and that all modules of an engine share. It is made when it is first asked for, and goes with the types.</summary>
internal abstract class EngineCode
{
    /// <summary>
    /// The address of a method that calls a function of this type with the arguments in the context's slots and leaves the results there:
    /// <c>void Enter(Function, StoreContext)</c>. It stays valid as long as the type lives.
    /// </summary>
    public abstract nint Entry(DefinedType type);

    /// <summary>
    /// The address of code that takes what a function of this type takes, with an <see cref="UnboundFunction"/> as environment, binds that, and calls it. It stays
    /// valid as long as the type lives.
    /// </summary>
    public abstract nint Binding(DefinedType type);

    /// <summary>A function of a type that converts its arguments, calls another function, and converts the results.</summary>
    /// <param name="caller">The instance that calls it.</param>
    /// <param name="expected">The type.</param>
    /// <param name="found">The other function.</param>
    /// <returns>Null if the types cannot be converted.</returns>
    public abstract Function? Cast(Instance caller, DefinedType expected, Function found);
}
