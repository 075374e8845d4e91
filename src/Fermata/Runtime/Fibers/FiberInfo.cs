namespace Fermata;

/// <summary>A promising call that has not ended, as <see cref="Store.Fibers"/> found it.</summary>
/// <param name="Id">The number of the call in its store. It is used again after four thousand million calls.</param>
/// <param name="Function">The function that was called.</param>
/// <param name="State">What the call did.</param>
/// <param name="WaitsFor">What a suspended call waited for: the name of an import, <c>memory.atomic.wait</c>, or <c>fuel</c>; else null.</param>
/// <param name="WaitingTime">How long ago the call was suspended, or queued for its first turn; some milliseconds exact. Zero if it ran.</param>
/// <param name="WasmStack">
/// The functions that were suspended, innermost first; of very many only the first 1,000. Of a call that ran, those that it had not come back
/// to since it was last suspended.
/// </param>
public sealed record class FiberInfo(
    long Id,
    Function Function,
    FiberState State,
    string? WaitsFor,
    TimeSpan WaitingTime,
    IReadOnlyList<WasmFrame> WasmStack);
