using Fermata.Validation;

namespace Fermata.Runtime;

/// <summary>Code and classes that depend on types alone and that all modules of an engine share. They are made when they are first asked for.</summary>
internal abstract class EngineCode
{
    /// <summary>
    /// The address of a method that calls a function of this type with the arguments in the context's slots and leaves the results there:
    /// <c>void Enter(Function, StoreContext)</c>.
    /// </summary>
    public abstract nint Entry(DefinedType type);

    /// <summary>The class of a structure type.</summary>
    public abstract StructClass Struct(DefinedType type);

    /// <summary>The class of an array type.</summary>
    public abstract ArrayClass Array(DefinedType type);

    /// <summary>A function of a type that converts its arguments, calls another function, and converts the results.</summary>
    /// <param name="caller">The instance that calls it.</param>
    /// <param name="expected">The identity of the type.</param>
    /// <param name="found">The other function.</param>
    /// <returns>Null if the types cannot be converted.</returns>
    public abstract Function? Cast(Instance caller, int expected, Function found);
}
