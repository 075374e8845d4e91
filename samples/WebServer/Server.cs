using System.Text.Json.Serialization;

namespace Fermata.Samples.WebServer;

/// <summary>The application: requests that guests answer, and a page that shows these guests.</summary>
internal static class Server
{
    /// <summary>Makes the application.</summary>
    /// <param name="args">
    /// Settings, as <c>--name value</c>: <c>deadline</c> of a guest in seconds (5 if nothing is said); <c>upstream</c>, the address that guests ask, or else the
    /// <c>delay</c> of a simulated one in seconds (1 if nothing is said); and those of ASP.NET, as <c>urls</c>.
    /// </param>
    /// <param name="upstream">Answers instead of the upstream.</param>
    public static async Task<WebApplication> BuildAsync(string[] args, HttpMessageHandler? upstream = null)
    {
        // The files lie beside the program, wherever it was started.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(new JsonStringEnumConverter()));

        var settings = builder.Configuration;
        var address = settings.GetValue<Uri>("upstream");
        upstream ??= address is null ? new SlowUpstream(TimeSpan.FromSeconds(settings.GetValue("delay", 1.0))) : new SocketsHttpHandler();
        var client = new HttpClient(upstream) { BaseAddress = address ?? new Uri("http://upstream.invalid/") };
        var program = await Sandbox.LoadProgramAsync(Path.Combine(AppContext.BaseDirectory, "guest.wasm"), new Upstream(client));
        var deadline = TimeSpan.FromSeconds(settings.GetValue("deadline", 5.0));
        builder.Services.AddSingleton<Watch>();
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<Sandbox>(services, program, deadline));

        var app = builder.Build();
        app.UseFileServer();
        app.Map("/run/{**command}", (HttpContext context, Sandbox sandbox, string command) => sandbox.AnswerAsync(context, command));
        app.MapGet("/events", (Watch watch, IHostApplicationLifetime lifetime, CancellationToken aborted) =>
            TypedResults.ServerSentEvents(watch.SnapshotsAsync(lifetime.ApplicationStopping, aborted)));

        // A browser has six connections to a server. So what the page's buttons start is sent from here.
        app.MapPost("/start", (HttpContext context, IHostApplicationLifetime lifetime, int count, string command) =>
        {
            var connection = context.Connection;
            var self = new UriBuilder(context.Request.Scheme, connection.LocalIpAddress!.ToString(), connection.LocalPort, $"/run/{command}").Uri;
            _ = Load.SendAsync(self, Math.Clamp(count, 1, 10_000), lifetime.ApplicationStopping);
            return Results.Accepted();
        });
        return app;
    }
}
