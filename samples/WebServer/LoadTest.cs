using System.Diagnostics;
using System.Globalization;

namespace Fermata.Samples.WebServer;

/// <summary>The command <c>load</c>: sends requests all at once, to a server or to one in this process, and tells what that took.</summary>
internal static class LoadTest
{
    /// <summary>Measures.</summary>
    /// <param name="args">
    /// Settings, as <c>--name value</c>: <c>requests</c>, how many (5,000 if nothing is said); <c>command</c>, what the guests are to do; <c>url</c>, where the server is;
    /// if nothing is said, it is in this process and has the other settings, too.
    /// </param>
    /// <param name="output">Where the numbers go.</param>
    /// <returns>The exit code: 0 if all requests succeeded.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var settings = new ConfigurationBuilder().AddCommandLine(args).Build();
        var requests = settings.GetValue("requests", 5_000);
        var command = settings.GetValue("command", "prices/apple");
        await using var server = settings["url"] is null ? await Server.BuildAsync([.. args, "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Error"]) : null;
        if (server is not null)
            await server.StartAsync();
        var address = new Uri(new Uri(settings["url"] ?? server!.Urls.Single()), $"/run/{command}");

        // The first requests have code compiled for all the others.
        await Load.SendAsync(address, 20);

        using var end = new CancellationTokenSource();
        var most = LookAsync(server?.Services.GetRequiredService<Watch>(), end.Token);
        var watch = Stopwatch.StartNew();
        var statuses = await Load.SendAsync(address, requests);
        watch.Stop();
        await end.CancelAsync();

        var (guests, threads) = await most;
        foreach (var (status, count) in statuses.OrderBy(pair => pair.Key))
            await WriteAsync($"status {(int)status,3}      {count,8:N0}");
        await WriteAsync($"seconds         {watch.Elapsed.TotalSeconds,8:F2}");
        if (server is not null)
        {
            // With the client, which is in the same process.
            await WriteAsync($"guests at once  {guests,8:N0}");
            await WriteAsync($"threads         {threads,8:N0}");
            await WriteAsync($"peak MiB        {Process.GetCurrentProcess().PeakWorkingSet64 >> 20,8:N0}");
        }

        return statuses.Keys.All(status => (int)status == StatusCodes.Status200OK) ? 0 : 1;

        Task WriteAsync(FormattableString line) => output.WriteLineAsync(line.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<(int Guests, int Threads)> LookAsync(Watch? watch, CancellationToken cancellationToken)
    {
        var (guests, threads) = (0, 0);
        while (!cancellationToken.IsCancellationRequested)
        {
            (guests, threads) = (Math.Max(guests, watch?.GuestCount ?? 0), Math.Max(threads, ThreadPool.ThreadCount));
            await Task.Delay(10, CancellationToken.None);
        }

        return (guests, threads);
    }
}
