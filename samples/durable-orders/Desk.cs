using Fermata.Durable;

namespace Fermata.Samples.DurableOrders;

/// <summary>Where customers place orders, and pay.</summary>
internal sealed class Desk(Books books)
{
    private DurableHost? _host;
    private DurableModule? _module;

    /// <summary>Opens it.</summary>
    /// <param name="host">What runs the orders.</param>
    /// <param name="module">What <c>order.c</c> is compiled to.</param>
    public async Task OpenAsync(DurableHost host, DurableModule module)
    {
        (_host, _module) = (host, module);

        // A process that was killed in between has written an order down, and did not start its call.
        foreach (var order in await books.NotStartedAsync())
            await StartAsync(order);
    }

    /// <summary>Places an order.</summary>
    /// <returns>Its number.</returns>
    public async Task<int> PlaceAsync(IReadOnlyList<Line> lines)
    {
        var order = await books.AddAsync(lines);
        await StartAsync(order);
        return order;
    }

    /// <summary>Pays.</summary>
    /// <param name="order">The order.</param>
    /// <param name="cents">How much; null for what it costs.</param>
    /// <returns>Whether there is such an order that has not ended.</returns>
    public async Task<bool> PayAsync(int order, int? cents)
    {
        if (!(await books.LinesAsync(order, order)).TryGetValue(order, out var lines))
            return false;
        try
        {
            await _host!.RaiseAsync(Shop.KeyOf(order), Shop.Payment, cents ?? lines.Sum(static line => line.Pieces * line.Cents));
            return true;
        }
        catch (KeyNotFoundException)
        {
            return false;
        }
    }

    /// <summary>What somebody might want.</summary>
    public static IReadOnlyList<Line> AnyLines()
    {
        string[] items = [.. Books.Prices.Keys];
        Random.Shared.Shuffle(items);

        // Now and then more than the warehouse ever has.
        return [.. items.Take(Random.Shared.Next(1, 4)).Select(static item => new Line(item, Random.Shared.Next(15) == 0 ? 9 : Random.Shared.Next(1, 4), Books.Prices[item]))];
    }

    private async Task StartAsync(int order)
    {
        // However often it is said, it is started once.
        await _host!.StartCallAsync(Shop.KeyOf(order), _module!, "process", [order]);
        await books.NoteStartAsync(order);
    }
}
