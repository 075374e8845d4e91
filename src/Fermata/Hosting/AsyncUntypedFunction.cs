namespace Fermata;

/// <summary>A suspending import of any type: arguments and results are <see cref="Value"/>s, and the type is told apart from it.</summary>
/// <remarks>
/// WebAssembly waits for the task, as it does for any delegate that returns one, which must not write to memory after an <c>await</c> either. The arrays belong to the delegate, which may keep them: what is rented
/// could not be taken back from code that goes on after its call was cancelled. It is what
/// <see cref="Function.InvokeAsync(ReadOnlySpan{Value}, CancellationToken)"/> takes and gives, so that a call can be passed on as it is.
/// </remarks>
/// <param name="caller">Who calls.</param>
/// <param name="arguments">A value for each parameter of the type.</param>
/// <param name="cancellationToken">It is cancelled with the promising call.</param>
/// <returns>
/// A value for each result of the type. Too few or too many, or one of another type, are an <see cref="InvalidCastException"/> at the call.
/// </returns>
public delegate ValueTask<Value[]> AsyncUntypedFunction(Caller caller, Value[] arguments, CancellationToken cancellationToken);
