using System.Globalization;
using Fermata.Durable;

namespace Fermata.Samples.DurableOrders;

/// <summary>Where customers place orders, and pay.</summary>
/// <param name="books">The books of the shop.</param>
/// <param name="office">Has the orders run.</param>
internal sealed class Desk(Books books, Office office) : IHostedService
{
    /// <summary>The function of orders in Python: all of the program.</summary>
    public const string ProgramExport = "_start";

    private DurableModule? _module;
    private DurableModule? _python;

    /// <summary>Whether there can be orders in Python.</summary>
    public bool HasPython => _python is not null;

    /// <summary>Tells it what runs orders.</summary>
    /// <param name="module">What <c>order.c</c> is compiled to.</param>
    /// <param name="python">What runs <c>order.py</c>; null if it is not there.</param>
    public void Use(DurableModule module, DurableModule? python) => (_module, _python) = (module, python);

    /// <summary>Opens it, when orders can be started.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // A process that was killed in between has written an order down, and did not start its call.
        foreach (var (order, language) in await books.NotStartedAsync())
            await StartAsync(order, language);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
            await office.RaiseAsync(Shop.KeyOf(order), Shop.Payment, cents ?? lines.Sum(static line => line.Pieces * line.Cents));
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
            await office.StartAsync(Shop.KeyOf(order), _module!, "process", [order]);
        else if (_python is null)
            return;
        else
            await office.StartProgramAsync(Shop.KeyOf(order), _python, [order.ToString(CultureInfo.InvariantCulture)]);
        await books.NoteStartAsync(order);
    }
}
