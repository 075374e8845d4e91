namespace Fermata;

/// <summary>A host function of any type: arguments and results are <see cref="Value"/>s, and the type is told apart from it.</summary>
/// <remarks>
/// For functions whose type is known only when a module is there. A call allocates nothing. See
/// <see cref="Function.Create(Store, FuncType, UntypedFunction, string?)"/> and <see cref="Linker.Define(string, string, FuncType, UntypedFunction)"/>.
/// </remarks>
/// <param name="caller">Who calls.</param>
/// <param name="arguments">A value for each parameter of the type.</param>
/// <param name="results">
/// Room for a value for each result of the type; all must be set. One that is not, or has another type, is an <see cref="InvalidCastException"/> at the call.
/// </param>
public delegate void UntypedFunction(Caller caller, ReadOnlySpan<Value> arguments, Span<Value> results);
