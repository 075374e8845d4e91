using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Fermata.Samples.SqliteAsync;

namespace Fermata.Emscripten.Tests;

/// <summary>The server of pages of the sample, in memory, that waits and fails when the test has it.</summary>
internal sealed class PageHandler : HttpMessageHandler
{
    private readonly ConcurrentDictionary<(string Name, long Page), byte[]> _pages = [];

    /// <summary>What happens before a request is answered, by its method.</summary>
    public Func<HttpMethod, Task> Before { get; set; } = async _ => await Task.Yield();

    /// <summary>A file system of SQLite that has its databases here, and journals and locks of its own.</summary>
    public PageVfs NewVfs() => new(new PageStore(new HttpClient(this, disposeHandler: false) { BaseAddress = new Uri("http://pages/") }));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Before(request.Method).WaitAsync(cancellationToken);
        var segments = request.RequestUri!.AbsolutePath.Split('/');
        var key = (Name: segments[1], Page: segments.Length > 2 ? long.Parse(segments[2], CultureInfo.InvariantCulture) : -1);
        if (key.Page < 0)
            return new HttpResponseMessage { Content = new StringContent(_pages.Keys.Count(page => page.Name == key.Name).ToString(CultureInfo.InvariantCulture)) };
        if (request.Method == HttpMethod.Put)
            _pages[key] = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        else if (request.Method == HttpMethod.Delete)
            Truncate(key.Name, key.Page);
        else
            return _pages.TryGetValue(key, out var bytes) ? new HttpResponseMessage { Content = new ByteArrayContent(bytes) } : new HttpResponseMessage(HttpStatusCode.NotFound);
        return new HttpResponseMessage();
    }

    private void Truncate(string name, long first)
    {
        foreach (var key in _pages.Keys.Where(key => key.Name == name && key.Page >= first))
            _pages.TryRemove(key, out _);
    }
}
