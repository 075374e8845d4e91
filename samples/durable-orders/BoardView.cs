namespace Fermata.Samples.DurableOrders;

/// <summary>What the page shows.</summary>
/// <param name="Process">The process that tells it.</param>
/// <param name="HasPython">Whether there can be orders in Python.</param>
/// <param name="Running">How many orders have not ended.</param>
/// <param name="InMemory">How many of these a process has in memory.</param>
/// <param name="Completed">How many have ended.</param>
/// <param name="Shelves">How many pieces there are, by items.</param>
/// <param name="Orders">The newest orders, the newest first.</param>
internal sealed record BoardView(string Process, bool HasPython, long Running, int InMemory, long Completed, IReadOnlyDictionary<string, int> Shelves, IReadOnlyList<OrderView> Orders);
