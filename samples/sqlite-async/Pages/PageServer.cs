using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fermata.Samples.SqliteAsync;

/// <summary>A slow server that keeps pages: each request takes some milliseconds.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly TimeSpan _delay;
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<long, byte[]>> _pages = [];
    private int _requests;

    private PageServer(TimeSpan delay)
    {
        _delay = delay;
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        _server = builder.Build();
        _server.Use(SlowlyAsync);
        _server.MapGet("/{name}", (string name) => PagesOf(name).Count);
        _server.MapGet("/{name}/{page:long}", (string name, long page) => PagesOf(name).TryGetValue(page, out var bytes) ? Results.Bytes(bytes) : Results.NotFound());
        _server.MapPut("/{name}/{page:long}", PutAsync);
        _server.MapDelete("/{name}/{page:long}", Truncate);
    }

    /// <summary>How many requests there were.</summary>
    public int Requests => _requests;

    /// <summary>Starts it.</summary>
    /// <param name="delay">What each request takes.</param>
    public static async Task<PageServer> StartAsync(TimeSpan delay)
    {
        var server = new PageServer(delay);
        await server._server.StartAsync();
        return server;
    }

    /// <summary>A client for it.</summary>
    public HttpClient NewClient() => new() { BaseAddress = new Uri(_server.Urls.Single()) };

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task SlowlyAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _requests);
        await Task.Delay(_delay, context.RequestAborted);
        await next(context);
    }

    private async Task PutAsync(HttpContext context, string name, long page)
    {
        var bytes = new byte[PageStore.PageBytes];
        await context.Request.Body.ReadExactlyAsync(bytes, context.RequestAborted);
        PagesOf(name)[page] = bytes;
    }

    private void Truncate(string name, long page)
    {
        var pages = PagesOf(name);
        foreach (var number in pages.Keys.Where(number => number >= page))
            pages.TryRemove(number, out _);
    }

    private ConcurrentDictionary<long, byte[]> PagesOf(string name) => _pages.GetOrAdd(name, _ => []);
}
