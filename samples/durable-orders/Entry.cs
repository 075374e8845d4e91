namespace Fermata.Samples.DurableOrders;

/// <summary>Something that was done for an order, once.</summary>
/// <param name="Order">The number of the order.</param>
/// <param name="What">What.</param>
/// <param name="Process">Which process has done it.</param>
/// <param name="Attempts">How often it was asked for, always under one key: more than once if a process was killed before the answer was recorded.</param>
internal sealed record Entry(int Order, string What, string Process, int Attempts);
