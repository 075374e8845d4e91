using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Fermata.Platform.Network;

namespace Fermata.Python.Tests.Fetching;

/// <summary>Python's <c>fetch</c>: what comes, what ends it, and how much there may be.</summary>
public sealed class FetchTests
{
    [NpmFact]
    public async Task AResponseHasStatusHeadersAndContent()
    {
        using var site = new Site(request => request.StartsWith("GET /json", StringComparison.Ordinal)
            ? Site.Response("{\"a\": [1, 2]}", "Content-Type: application/json\r\nX-Two: a\r\nX-Two: b\r\n")
            : Site.Response("\u00E9t\u00E9", "Content-Type: text/plain; charset=iso-8859-1\r\n", "404 Not Here"));
        await using var python = await StartAsync(site);
        Assert.Equal(
            "200 True OK http://site.example/json?q=%C3%A9 application/json a, b {'a': [1, 2]} b'{\"a\": [1, 2]}' False",
            await python.EvaluateAsync<string>("""
                r = await fetch('http://site.example/json?q=é#part')
                f"{r.status} {r.ok} {r.status_text} {r.url} {r.headers['CONTENT-type']} {r.headers['x-two']} {r.json()} {r.bytes} {'x-none' in r.headers}"
                """));
        Assert.Equal("404 False Not Here été", await python.EvaluateAsync<string>("""
            def get(url):
                r = run_sync(fetch(url))
                return f'{r.status} {r.ok} {r.status_text} {r.text}'
            get('http://site.example/')
            """));
        Assert.Equal("ModuleNotFoundError", (await Assert.ThrowsAsync<PythonException>(() => python.RunAsync("import pyodide.http\nimport js"))).Type);
    }

    [NpmTheory]
    [InlineData("b'a\\xff'", "b'a\\xff'", "")]
    [InlineData("'é'", "b'\\xc3\\xa9'", "text/plain;charset=UTF-8")]
    [InlineData("'é', headers={'content-TYPE': 'text/x'}", "b'\\xc3\\xa9'", "text/x")]
    [InlineData("bytearray(b'ab')", "b'ab'", "")]
    [InlineData("memoryview(b'abcd')[::2]", "b'ac'", "")]
    [InlineData("b''", "b''", "")]
    [InlineData("None, headers=[('X-A', '1'), ('X-A', '2'), ('X-B', '\\xe9')]", "b''", "")]
    public async Task ARequestHasMethodHeadersAndContent(string body, string content, string type)
    {
        using var site = new Site(request => Site.Response(request.Split("\n\n", 2)[1], $"X-Type: {Header(request, "Content-Type")}\r\nX-All: {Header(request, "X-A")} {Header(request, "X-B")}\r\n"));
        await using var python = await StartAsync(site);
        var own = body.StartsWith("None", StringComparison.Ordinal) ? "1, 2 é" : "";
        Assert.Equal($"{content}|{type}|{own}", await python.EvaluateAsync<string>($$"""
            r = await fetch('http://site.example/', method='put', body={{body}})
            f"{r.bytes}|{r.headers['x-type']}|{r.headers['x-all']}"
            """));
        Assert.StartsWith("PUT / HTTP/1.1\nHost: site.example\n", Assert.Single(site.Requests), StringComparison.Ordinal);
    }

    [NpmFact]
    public async Task WithoutANetworkThereIsNoFetch()
    {
        await using var python = await Interpreters.StartAsync(new PythonHost().WithNetwork(new NetworkPolicy().AllowAll()));
        Assert.Equal("ImportError", Assert.Throws<PythonException>(() => python.Run("from host import fetch")).Type);
        await using var other = await Interpreters.StartAsync(new PythonHost().Expose("fetch", () => "mine").WithFetch(new NetworkPolicy()));
        Assert.Equal("mine", other.Evaluate<string>("from host import fetch\nfetch()"));
    }

    [NpmTheory]
    [InlineData("fetch('http://site.example/', headers={'Host': 'other.example'})", "ValueError")]
    [InlineData("fetch('http://site.example/', headers={'hOST': 'other.example'})", "ValueError")]
    [InlineData("fetch('http://site.example/', headers={'Host ': 'other.example'})", "ValueError")]
    [InlineData("fetch('http://site.example/', headers={'Content-Length': '5'})", "ValueError")]
    [InlineData("fetch('http://site.example/', headers={'Transfer-Encoding': 'chunked'})", "ValueError")]
    [InlineData("fetch('http://site.example/', headers={'Proxy-Authorization': 'x'})", "ValueError")]
    [InlineData("fetch('http://site.example/', headers={'Upgrade': 'h2c'})", "ValueError")]
    [InlineData("fetch('http://site.example/', headers={'X-A': 'a\\r\\nHost: other.example'})", "ValueError")]
    [InlineData("fetch('http://site.example/', headers={'X-A': 'a\\nX-B: b'})", "ValueError")]
    [InlineData("fetch('http://site.example/', headers={'X-A\\r\\nHost': 'other.example'})", "ValueError")]
    [InlineData("fetch('http://site.example/', headers={'X-A': '\\u20ac'})", "ValueError")]
    [InlineData("fetch('http://site.example/', headers={'': 'a'})", "ValueError")]
    [InlineData("fetch('http://site.example/', method='CONNECT')", "ValueError")]
    [InlineData("fetch('http://site.example/', method='trace')", "ValueError")]
    [InlineData("fetch('http://site.example/', method='GET / HTTP/1.1\\r\\nX: ')", "ValueError")]
    [InlineData("fetch('http://site.example/', method='')", "ValueError")]
    [InlineData("fetch('http://site.example/', headers={'X-A': 1})", "TypeError")]
    [InlineData("fetch('http://site.example/', headers=[('a',)])", "TypeError")]
    [InlineData("fetch('http://site.example/', body={'a': 1})", "TypeError")]
    [InlineData("fetch('http://site.example/', body=1)", "TypeError")]
    [InlineData("fetch(b'http://site.example/')", "TypeError")]
    [InlineData("fetch('http://site.example/', body=b'x' * 1001)", "ValueError")]
    public async Task WhatIsNotTheCodesToSayIsRefused(string call, string exception)
    {
        using var site = new Site(_ => Site.Response(""));
        await using var python = await StartAsync(site, new PythonFetchOptions { MaxBytes = 1000 });
        Assert.Equal(exception, (await Assert.ThrowsAsync<PythonException>(() => python.RunAsync($"await {call}"))).Type);
        Assert.Empty(site.Requests);
    }

    /// <summary>A line break in a URL is part of its path, or ends it, and is no line of the request.</summary>
    [NpmFact]
    public async Task AUrlHasNoSecondLine()
    {
        using var site = new Site(_ => Site.Response(""));
        await using var python = await StartAsync(site);
        await python.RunAsync("await fetch('http://site.example/a HTTP/1.1\\r\\nX-Other: 1\\r\\n\\r\\nGET /b')");
        var request = Assert.Single(site.Requests);
        Assert.DoesNotContain("\nX-Other", request, StringComparison.Ordinal);
        Assert.DoesNotContain("\nGET /b", request, StringComparison.Ordinal);
    }

    [NpmTheory]
    [InlineData("/long")]
    [InlineData("/endless")]
    [InlineData("/compressed")]
    public async Task AResponseThatIsTooLongIsRefused(string path)
    {
        using var site = new Site(LongAsync);
        await using var python = await StartAsync(site, new PythonFetchOptions { MaxBytes = 1_000_000 });
        var exception = await Assert.ThrowsAsync<PythonException>(() => python.RunAsync($"await fetch('http://site.example{path}')"));
        Assert.Equal("OSError: The response is longer than 1000000 bytes.", exception.Message);
        Assert.Equal(1_000_000, await python.EvaluateAsync<int>("len((await fetch('http://site.example/most')).bytes)"));
    }

    [NpmFact(IsHeavy = true)]
    public async Task WhatIsReadIsPythonsAndTakesNoMemoryWhenItIsDropped()
    {
        using var site = new Site(LongAsync);
        await using var sandbox = await PythonSandbox.StartAsync(
            await Interpreters.DistributionAsync(), new PythonHost().WithFetch(site.NewPolicy().AllowConnect("site.example", 80)), new PythonSandboxOptions { MaxMemoryBytes = 64 << 20, MaxComputingTime = TimeSpan.FromMinutes(5), MaxWaitingTime = TimeSpan.FromMinutes(5) });
        var all = await sandbox.RunAsync("sum([len((await fetch('http://site.example/most')).bytes) for _ in range(100)])");
        Assert.Equal(("100000000", null), (all.Text, all.Error));
        var kept = await sandbox.RunAsync("kept = []\nfor _ in range(100): kept.append(await fetch('http://site.example/most'))");
        Assert.Equal("MemoryError", kept.Error?.Type);
    }

    [NpmTheory]
    [InlineData(SocketError.ConnectionRefused)]
    [InlineData(SocketError.HostUnreachable)]
    public async Task AServerThatDoesNotAnswerIsAConnectionError(SocketError error)
    {
        await using var python = await StartAsync(new NetworkPolicy().AllowConnect("site.example").WithResolver((_, _) => new([Site.Address])).WithDialer((_, _) => throw new SocketException((int)error)));
        Assert.Equal("ConnectionError", (await Assert.ThrowsAsync<PythonException>(() => python.RunAsync("await fetch('http://site.example/')"))).Type);
    }

    [NpmTheory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc")]
    [InlineData("SSH-2.0-Server\r\n\r\n")]
    public async Task AResponseThatIsNoneIsAConnectionError(string response)
    {
        using var site = new Site(_ => response);
        await using var python = await StartAsync(site);
        Assert.Equal("ConnectionError", (await Assert.ThrowsAsync<PythonException>(() => python.RunAsync("await fetch('http://site.example/')"))).Type);
    }

    [NpmFact]
    public async Task ANameThatLeadsNowhereIsAConnectionError()
    {
        await using var python = await StartAsync(new NetworkPolicy().AllowConnect("site.example").WithResolver((_, _) => throw new SocketException((int)SocketError.HostNotFound)));
        Assert.Equal("ConnectionError", (await Assert.ThrowsAsync<PythonException>(() => python.RunAsync("await fetch('http://site.example/')"))).Type);
    }

    [NpmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AServerThatTakesTooLongIsATimeout(bool answers)
    {
        using var site = new Site(WaitingAsync(answers, new TaskCompletionSource()));
        await using var python = await StartAsync(site, new PythonFetchOptions { Timeout = TimeSpan.FromMilliseconds(100) });
        Assert.Equal("TimeoutError", (await Assert.ThrowsAsync<PythonException>(() => python.RunAsync("run_sync(fetch('http://site.example/'))"))).Type);
    }

    [NpmTheory]
    [InlineData("await fetch('http://site.example/')", false)]
    [InlineData("await fetch('http://site.example/')", true)]
    [InlineData("run_sync(fetch('http://site.example/'))", true)]
    public async Task WhatPythonCancelsIsClosed(string source, bool answers)
    {
        var closed = new TaskCompletionSource();
        using var site = new Site(WaitingAsync(answers, closed));
        await using var python = await StartAsync(site);
        python.Expose("asked", () => AskedAsync(site));
        Assert.True(await python.EvaluateAsync<bool>($"""
            from host import asked
            async def get(): {source}
            task = asyncio.ensure_future(get())
            await asked()
            task.cancel()
            await asyncio.wait([task])
            task.cancelled()
            """));
        await closed.Task.WaitAsync(TimeSpan.FromMinutes(5));
    }

    [NpmTheory]
    [InlineData("await fetch('http://site.example/')", false)]
    [InlineData("run_sync(fetch('http://site.example/'))", true)]
    public async Task WhatTheHostCancelsIsClosed(string source, bool answers)
    {
        var closed = new TaskCompletionSource();
        using var site = new Site(WaitingAsync(answers, closed));
        await using var python = await StartAsync(site);
        using var cancellation = new CancellationTokenSource();
        var call = python.RunAsync(source, cancellation.Token);
        await AskedAsync(site);
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => call);
        await closed.Task.WaitAsync(TimeSpan.FromMinutes(5));
    }

    [NpmTheory]
    [InlineData("await fetch('http://site.example/')", false)]
    [InlineData("await fetch('http://site.example/')", true)]
    [InlineData("run_sync(fetch('http://site.example/'))", true)]
    [InlineData("forgotten = fetch('http://site.example/')", true)]
    public async Task AnInterpreterThatIsDisposedClosesWhatItHas(string source, bool answers)
    {
        var closed = new TaskCompletionSource();
        using var site = new Site(WaitingAsync(answers, closed));
        var python = await StartAsync(site);
        var call = python.RunAsync(source);
        await AskedAsync(site);
        await python.DisposeAsync();
        await closed.Task.WaitAsync(TimeSpan.FromMinutes(5));
        await ((Task)call).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [NpmFact]
    public async Task ASandboxFetchesAndEndsWhatItsCodeLeft()
    {
        var closed = new TaskCompletionSource();
        using var site = new Site((request, stream) => request.StartsWith("GET /text", StringComparison.Ordinal)
            ? stream.WriteAsync(Encoding.Latin1.GetBytes(Site.Response("text"))).AsTask()
            : WaitingAsync(answers: true, closed)(request, stream));
        var sandbox = await PythonSandbox.StartAsync(await Interpreters.DistributionAsync(), new PythonHost().WithFetch(site.NewPolicy().AllowConnect("site.example", 80)));
        Assert.Equal("'text'", (await sandbox.RunAsync("(await fetch('http://site.example/text')).text")).Text);
        Assert.Equal("PermissionError", (await sandbox.RunAsync("await fetch('http://other.example/')")).Error?.Type);
        Assert.Null((await sandbox.RunAsync("left = fetch('http://site.example/left')")).Error);
        await AskedAsync(site, count: 2);
        Assert.False(closed.Task.IsCompleted);
        await sandbox.DisposeAsync();
        await closed.Task.WaitAsync(TimeSpan.FromMinutes(5));
    }

    [NpmFact]
    public async Task ASandboxEndsWhatWaitsTooLong()
    {
        var closed = new TaskCompletionSource();
        using var site = new Site(WaitingAsync(answers: true, closed));
        await using var sandbox = await PythonSandbox.StartAsync(
            await Interpreters.DistributionAsync(), new PythonHost().WithFetch(site.NewPolicy().AllowConnect("site.example", 80)), new PythonSandboxOptions { MaxWaitingTime = TimeSpan.FromSeconds(3) });
        Assert.Equal(PythonErrorKind.WaitingTime, (await sandbox.RunAsync("from pyodide.ffi import run_sync\nrun_sync(fetch('http://site.example/'))")).Error?.Kind);

        // The time may be over before the server was asked.
        if (!site.Requests.IsEmpty)
            await closed.Task.WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal("2", (await sandbox.RunAsync("1 + 1")).Text);
    }

    [NpmFact]
    public async Task NoMoreRequestsAreOnTheirWayThanMayBe()
    {
        var (gate, count, most, sync) = (new TaskCompletionSource(), 0, 0, new Lock());
        using var site = new Site(async (_, stream) =>
        {
            lock (sync)
            {
                most = Math.Max(most, ++count);
                if (count == 2)
                    gate.TrySetResult();
            }

            await gate.Task;
            lock (sync)
                count--;
            await stream.WriteAsync(Encoding.Latin1.GetBytes(Site.Response("a")));
        });
        await using var python = await StartAsync(site, new PythonFetchOptions { MaxConcurrency = 2 });
        Assert.Equal("aaaaaaaa", await python.EvaluateAsync<string>("''.join([r.text for r in await asyncio.gather(*[fetch('http://site.example/') for _ in range(8)])])"));
        Assert.Equal(2, most);
    }

    /// <summary>A server that does not end, once it has been asked, and tells when it was left.</summary>
    private static Func<string, Stream, Task> WaitingAsync(bool answers, TaskCompletionSource closed) => async (_, stream) =>
    {
        try
        {
            if (answers)
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"u8.ToArray());
            while (await stream.ReadAsync(new byte[10]) > 0)
            {
                // It was asked already.
            }
        }
        catch (IOException)
        {
            // It was reset.
        }

        closed.TrySetResult();
    };

    private static async Task LongAsync(string request, Stream stream)
    {
        try
        {
            if (request.StartsWith("GET /most", StringComparison.Ordinal))
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(Site.Response(new string('a', 1_000_000))));
            }
            else if (request.StartsWith("GET /long", StringComparison.Ordinal))
            {
                await stream.WriteAsync(Encoding.Latin1.GetBytes(Site.Response(new string('a', 1_000_001))));
            }
            else if (request.StartsWith("GET /compressed", StringComparison.Ordinal))
            {
                using var compressed = new MemoryStream();
                await using (var zip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
                    await zip.WriteAsync(new byte[100_000_000]);
                await stream.WriteAsync(Encoding.Latin1.GetBytes(Site.Response(Encoding.Latin1.GetString(compressed.ToArray()), "Content-Encoding: gzip\r\n")));
            }
            else
            {
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
                while (true)
                    await stream.WriteAsync("8\r\naaaaaaaa\r\n"u8.ToArray());
            }
        }
        catch (IOException)
        {
            // It was left.
        }
    }

    private static async Task AskedAsync(Site site, int count = 1)
    {
        while (site.Requests.Count < count)
            await Task.Delay(5);
    }

    private static string Header(string request, string name) => string.Join(", ", request.Split('\n').Where(line => line.StartsWith(name + ": ", StringComparison.Ordinal)).Select(line => line[(name.Length + 2)..]));

    private static Task<PythonRuntime> StartAsync(Site site, PythonFetchOptions? options = null) => StartAsync(site.NewPolicy().AllowConnect("site.example", 80), options);

    private static async Task<PythonRuntime> StartAsync(NetworkPolicy policy, PythonFetchOptions? options = null)
    {
        var python = await Interpreters.StartAsync(new PythonHost().WithFetch(policy, options));
        python.Run("import asyncio\nfrom pyodide.ffi import run_sync\nfrom host import fetch");
        return python;
    }
}
