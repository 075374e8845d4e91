namespace Fermata.Samples.DurableOrders;

/// <summary>Something that was ordered.</summary>
/// <param name="Item">What.</param>
/// <param name="Pieces">How many.</param>
/// <param name="Cents">The price of one.</param>
internal sealed record Line(string Item, int Pieces, int Cents);
