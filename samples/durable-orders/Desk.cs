using System.Globalization;
using Fermata.Durable;

namespace Fermata.Samples.DurableOrders;

/// <summary>Where customers place orders, and pay.</summary>
internal sealed class Desk(Books books)
{
    /// <summary>The function of orders in Python: all of the program.</summary>
    public const string ProgramExport = "_start";

    private DurableHost? _host;
    private DurableModule? _module;
    private DurableModule? _python;

    /// <summary>Whether there can be orders in Python.</summary>
    public bool HasPython => _python is not null;

    /// <summary>Opens it.</summary>
    /// <param name="host">What runs the orders.</param>
    /// <param name="module">What <c>order.c</c> is compiled to.</param>
    /// <param name="python">What runs <c>order.py</c>; null if it is not there.</param>
    public async Task OpenAsync(DurableHost host, DurableModule module, DurableModule? python)
    {
        (_host, _module, _python) = (host, module, python);

        // A process that was killed in between has written an order down, and did not start its call.
        foreach (var (order, language) in await books.NotStartedAsync())
            await StartAsync(order, language);
    }

    /// <summary>Places an order.</summary>
    /// <returns>Its number.</returns>
    public async Task<int> PlaceAsync(IReadOnlyList<Line> lines, Language language)
    {
        var order = await books.AddAsync(lines, language);
        await StartAsync(order, language);
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

    private async Task StartAsync(int order, Language language)
    {
        // However often it is said, it is started once.
        if (language == Language.C)
            await _host!.StartCallAsync(Shop.KeyOf(order), _module!, "process", [order]);
        else if (_python is null)
            return;
        else
            await _host!.StartProgramAsync(Shop.KeyOf(order), _python, [order.ToString(CultureInfo.InvariantCulture)]);
        await books.NoteStartAsync(order);
    }
}
