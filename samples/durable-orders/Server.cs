using System.Text.Json;
using System.Text.Json.Serialization;
using Fermata.Durable;

namespace Fermata.Samples.DurableOrders;

/// <summary>The application: orders that are placed, paid, and shown.</summary>
internal static class Server
{
    private const int MostAtOnce = 100;

    /// <summary>How requests and answers look, to whoever shows them and to Python.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);

    /// <summary>Makes the application.</summary>
    /// <param name="args">
    /// Settings, as <c>--name value</c>: <c>database</c>, a file of SQLite (orders.db if nothing is said), or <c>postgres</c>, a connection string; the seconds that an <c>hour</c> takes (1), and for which a process
    /// that gives no sign of life is believed to live (<c>lease</c>, 3); where npm has put <c>python</c>; which <c>silo</c> of Orleans it is, if there are to be any, and the port of the first (<c>silo-port</c>, 11111); and those of ASP.NET, as <c>urls</c>.
    /// </param>
    public static WebApplication Build(string[] args)
    {
        // The files lie beside the program, wherever it was started.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Orleans", LogLevel.Error).AddFilter("Polly", LogLevel.Warning);
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));

        var settings = builder.Configuration;
        var hour = TimeSpan.FromSeconds(settings.GetValue("hour", 1.0));
        var file = settings.GetValue("database", "orders.db");
        var server = settings.GetValue<string>("postgres");
        var books = server is null ? Books.InSqlite(file, Shop.HoursBetweenLorries * hour) : Books.InPostgreSql(server, Shop.HoursBetweenLorries * hour);

        // The hours of the shop are short, but not those of the host: its clock is for processes, which live in real time.
        var options = new DurableHostOptions
        {
            Database = server is null ? DurableDatabase.Sqlite(file) : DurableDatabase.PostgreSql(server),
            LeaseTime = TimeSpan.FromSeconds(settings.GetValue("lease", 3.0)),
            PollInterval = TimeSpan.FromMilliseconds(250),
            ShortestAbsence = 2 * hour,
            Json = Json,
        };
        async Task DefineAsync(IServiceProvider services, DurableHost host)
        {
            new Shop(books, hour).DefineIn(host);
            await books.CreateAsync();
            var module = await host.AddModuleAsync(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "order.wasm")), "order");
            services.GetRequiredService<Desk>().Use(module, await Python.AddToAsync(host, settings.GetValue("python", Python.Folder), hour));
        }

        if (settings.GetValue<int?>("silo") is { } silo)
        {
            new Cluster(silo, settings.GetValue("silo-port", Cluster.DefaultPort)).Add(builder, options, DefineAsync);
            builder.Services.AddSingleton<Office, Office.OfSilos>();
        }
        else
        {
            builder.Services.AddFermataDurable(options, DefineAsync);
            builder.Services.AddSingleton<Office, Office.OfProcesses>();
        }

        builder.Services.AddSingleton(services => new Desk(books, services.GetRequiredService<Office>()));
        builder.Services.AddHostedService(static services => services.GetRequiredService<Desk>());
        builder.Services.AddSingleton(services => new Board(services.GetRequiredService<DurableHostAccessor>(), books, services.GetRequiredService<Desk>(), hour));

        var app = builder.Build();
        app.MapHealthChecks("/health");
        app.MapGet("/", () => Results.File(Path.Combine(AppContext.BaseDirectory, "orders.html"), "text/html"));
        app.MapGet("/events", (Board board, IHostApplicationLifetime lifetime, CancellationToken aborted) => TypedResults.ServerSentEvents(board.ViewsAsync(lifetime.ApplicationStopping, aborted)));
        app.MapGet("/orders/{order:int}", async (Board board, int order) => await board.FindAsync(order) is { } view ? Results.Ok(view) : Results.NotFound());
        app.MapPost("/orders", (HttpRequest request, Desk desk) => PlaceAsync(desk, request.Query));
        app.MapPost("/orders/{order:int}/payment", async (int order, int? cents, Desk desk) => await desk.PayAsync(order, cents) ? Results.Accepted() : Results.NotFound());
        return app;
    }

    /// <summary>Places an order for <c>?lamp=2&amp;chair=1</c>, or as many of any kind as <c>?count=</c> says; in Python with <c>language=python</c>.</summary>
    private static async Task<IResult> PlaceAsync(Desk desk, IQueryCollection query)
    {
        var count = 1;
        var language = Language.C;
        var lines = new List<Line>();
        foreach (var (name, value) in query)
        {
            if (name == "language")
            {
                if (!Enum.TryParse(value, ignoreCase: true, out language) || (language == Language.Python && !desk.HasPython))
                    return Results.BadRequest("Orders are in C, or in Python if npm has installed it: npm ci --prefix samples/durable-orders.");
                continue;
            }

            if (!int.TryParse(value, out var number) || number is < 1 or > MostAtOnce || (name != "count" && !Books.Prices.ContainsKey(name)))
                return Results.BadRequest($"Say how many of {string.Join(", ", Books.Prices.Keys)}: 1 to {MostAtOnce}.");
            if (name == "count")
                count = number;
            else
                lines.Add(new Line(name, number, Books.Prices[name]));
        }

        var orders = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => desk.PlaceAsync(lines.Count > 0 ? lines : Desk.AnyLines(), language)));
        return Results.Ok(orders);
    }
}
