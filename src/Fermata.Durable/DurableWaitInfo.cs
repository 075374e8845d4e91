namespace Fermata.Durable;

/// <summary>What a call of a store waits for.</summary>
/// <param name="Function">The function of the host: module and name with a dot between them; of a program the path of the file, or <c>sleep</c>.</param>
/// <param name="Request">What it was asked, in JSON.</param>
/// <param name="Event">The event that it waits for; null if it is none.</param>
/// <param name="Due">When it ends by itself; null if it does not.</param>
/// <param name="WasmStack">Where in the guest's code it waits, innermost first.</param>
public sealed record DurableWaitInfo(string Function, string Request, string? Event, DateTimeOffset? Due, IReadOnlyList<WasmFrame> WasmStack);
