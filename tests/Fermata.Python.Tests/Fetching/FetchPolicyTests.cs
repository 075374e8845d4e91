using System.Net;
using Fermata.Platform.Network;

namespace Fermata.Python.Tests.Fetching;

/// <summary>What Python tries to reach by <c>fetch</c> that it was not given.</summary>
public sealed class FetchPolicyTests
{
    [NpmTheory]
    [InlineData("http://other.example/", "PermissionError")]
    [InlineData("http://a.site.example/", "PermissionError")]
    [InlineData("http://site.example.other.example/", "PermissionError")]
    [InlineData("http://othersite.example/", "PermissionError")]
    [InlineData("http://site.example:81/", "PermissionError")]
    [InlineData("https://site.example/", "PermissionError")]
    [InlineData("http://93.184.215.14/", "PermissionError")]
    [InlineData("http://127.0.0.1/", "PermissionError")]
    [InlineData("http://127.1/", "PermissionError")]
    [InlineData("http://2130706433/", "PermissionError")]
    [InlineData("http://0x7f.0.0.1/", "PermissionError")]
    [InlineData("http://0177.0.0.1/", "PermissionError")]
    [InlineData("http://0.0.0.0/", "PermissionError")]
    [InlineData("http://0/", "PermissionError")]
    [InlineData("http://127\u30020\u30020\u30021/", "PermissionError")]
    [InlineData("http://\uFF11\uFF12\uFF17.0.0.1/", "PermissionError")]
    [InlineData("http://169.254.169.254/latest/meta-data/", "PermissionError")]
    [InlineData("http://[::1]/", "PermissionError")]
    [InlineData("http://[::]/", "PermissionError")]
    [InlineData("http://[::ffff:127.0.0.1]/", "PermissionError")]
    [InlineData("http://[fe80::1%25eth0]/", "PermissionError")]
    [InlineData("http://localhost/", "PermissionError")]
    [InlineData("http://other.example#@site.example/", "PermissionError")]
    [InlineData("http://other.example\\\\@site.example/", "ValueError")]
    [InlineData("http://other.example?@site.example/", "PermissionError")]
    [InlineData("http://other.example:80#.site.example:80/", "PermissionError")]
    [InlineData("http://site.example@other.example/", "ValueError")]
    [InlineData("http://site.example:80@other.example/", "ValueError")]
    [InlineData("http://name:word@site.example/", "ValueError")]
    [InlineData("http://name@site.example/", "ValueError")]
    [InlineData("ftp://site.example/", "ValueError")]
    [InlineData("ws://site.example/", "ValueError")]
    [InlineData("file:///etc/passwd", "ValueError")]
    [InlineData("/etc/passwd", "ValueError")]
    [InlineData("//site.example/", "ValueError")]
    [InlineData("data:text/plain,a", "ValueError")]
    [InlineData("javascript:alert(1)", "ValueError")]
    [InlineData("site.example", "ValueError")]
    [InlineData("http://", "ValueError")]
    [InlineData("http:///", "ValueError")]
    [InlineData("", "ValueError")]
    public async Task IsNotReached(string url, string exception)
    {
        using var site = new Site(_ => Site.Response("reached"));
        await using var python = await StartAsync(site.NewPolicy().AllowConnect("site.example", 80));
        Assert.Equal(exception, (await Assert.ThrowsAsync<PythonException>(() => python.RunAsync($"await fetch('{url}')"))).Type);
        Assert.Empty(site.Connections);
    }

    [NpmTheory]
    [InlineData("http://other.example/", "PermissionError")]
    [InlineData("//other.example/", "PermissionError")]
    [InlineData("\\\\other.example/", "ValueError")]
    [InlineData("https://site.example/", "PermissionError")]
    [InlineData("http://site.example:81/", "PermissionError")]
    [InlineData("http://127.0.0.1/", "PermissionError")]
    [InlineData("//2130706433/", "PermissionError")]
    [InlineData("http://[::1]/", "PermissionError")]
    [InlineData("http://169.254.169.254/", "PermissionError")]
    [InlineData("http://other.example\\@site.example/", "ValueError")]
    [InlineData("http://site.example@other.example/", "ValueError")]
    [InlineData("//name:word@site.example/", "ValueError")]
    [InlineData("file:///etc/passwd", "ValueError")]
    [InlineData("ftp://site.example/", "ValueError")]
    [InlineData("http://", "ValueError")]
    public async Task NorDoesARedirectLeadThere(string location, string exception)
    {
        using var site = new Site(request => request.Contains("GET /start", StringComparison.Ordinal) ? Site.Redirect(location) : Site.Response("reached"));
        await using var python = await StartAsync(site.NewPolicy().AllowConnect("site.example", 80));
        Assert.Equal(exception, (await Assert.ThrowsAsync<PythonException>(() => python.RunAsync("await fetch('http://site.example/start')"))).Type);
        Assert.Single(site.Connections);
    }

    [NpmTheory]
    [InlineData("http://SITE.example/")]
    [InlineData("HTTP://site.example./")]
    [InlineData("http://site.example:80/")]
    [InlineData("http://site.example:0080/")]
    [InlineData(" http://site.example/ ")]
    public async Task OtherSpellingsOfAHostAreTheSame(string url)
    {
        using var site = new Site(_ => Site.Response("reached"));
        await using var python = await StartAsync(site.NewPolicy().AllowConnect("Site.Example.", 80));
        Assert.Equal("reached", await python.EvaluateAsync<string>($"(await fetch('{url}')).text"));
        Assert.Equal(new IPEndPoint(Site.Address, 80), Assert.Single(site.Connections));
        Assert.StartsWith("site.example", Host(Assert.Single(site.Requests)), StringComparison.Ordinal);
    }

    [NpmTheory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("fd00::1")]
    public async Task WhoAnswersForANameOpensNoWayToPrivateAddresses(string address)
    {
        using var site = new Site(_ => Site.Response("reached"));
        site.Addresses = _ => [IPAddress.Parse(address)];
        await using var python = await StartAsync(site.NewPolicy().AllowConnect("site.example", 80));
        await DeniedAsync(python, "http://site.example/");
        Assert.Empty(site.Connections);
    }

    /// <summary>Each connection goes to an address that was looked at itself: an answer that changes between two questions, or with a redirect, changes nothing.</summary>
    [NpmFact]
    public async Task AnAnswerThatChangesIsLookedAtAgain()
    {
        using var site = new Site(request => request.Contains("GET /start", StringComparison.Ordinal) ? Site.Redirect("/next") : Site.Response("reached"));
        var answers = 0;
        site.Addresses = _ => [++answers == 1 ? Site.Address : IPAddress.Loopback];
        await using var python = await StartAsync(site.NewPolicy().AllowConnect("site.example", 80));
        await DeniedAsync(python, "http://site.example/start");
        await DeniedAsync(python, "http://site.example/");
        Assert.Equal(3, answers);
        Assert.Equal(new IPEndPoint(Site.Address, 80), Assert.Single(site.Connections));

        // Of several addresses, those that may be are tried.
        site.Addresses = _ => [IPAddress.Loopback, Site.Address, IPAddress.IPv6Loopback];
        Assert.Equal("reached", await python.EvaluateAsync<string>("(await fetch('http://site.example/')).text"));
        Assert.All(site.Connections, connection => Assert.Equal(Site.Address, connection.Address));
    }

    [NpmFact]
    public async Task AnotherNameOfAnAllowedAddressIsNotAllowed()
    {
        using var site = new Site(_ => Site.Response("reached"));
        await using var python = await StartAsync(site.NewPolicy().AllowConnect("site.example", 80).AllowResolve("*"));
        await python.RunAsync("await fetch('http://site.example/')");
        await DeniedAsync(python, "http://other.example/");
    }

    [NpmFact]
    public async Task WhatIsAllowedIsReached()
    {
        using var site = new Site(request => Site.Response(Host(request)));
        site.Addresses = _ => [IPAddress.Loopback];
        await using var python = await StartAsync(site.NewPolicy().AllowConnect("localhost").AllowConnect("*.below.example").AllowConnect("10.0.0.0/8", 8080));
        Assert.Equal("localhost", await python.EvaluateAsync<string>("(await fetch('http://localhost/')).text"));
        site.Addresses = _ => [Site.Address];
        Assert.Equal("a.b.below.example:81", await python.EvaluateAsync<string>("(await fetch('http://a.b.below.example:81/')).text"));
        Assert.Equal("10.1.2.3:8080", await python.EvaluateAsync<string>("(await fetch('http://10.1.2.3:8080/')).text"));
        await DeniedAsync(python, "http://10.1.2.3/");
        await DeniedAsync(python, "http://below.example/");
        Assert.Equal(
            [new IPEndPoint(IPAddress.Loopback, 80), new IPEndPoint(Site.Address, 81), IPEndPoint.Parse("10.1.2.3:8080")],
            site.Connections);
    }

    [NpmTheory]
    [InlineData("302 Found", "POST", "GET", "")]
    [InlineData("303 See Other", "PUT", "GET", "")]
    [InlineData("303 See Other", "HEAD", "HEAD", "")]
    [InlineData("301 Moved", "PUT", "PUT", "body")]
    [InlineData("307 Temporary Redirect", "POST", "POST", "body")]
    [InlineData("308 Permanent Redirect", "POST", "POST", "body")]
    public async Task ARedirectGoesOnWithoutSecretsOfAnotherOrigin(string status, string method, string next, string body)
    {
        using var site = new Site(request => request.Contains(" /start", StringComparison.Ordinal) ? Site.Redirect("http://next.example/here", status) : Site.Response("", "X-A: b\r\n"));
        await using var python = await StartAsync(site.NewPolicy().AllowConnect("*.example", 80));
        Assert.Equal("http://next.example/here b", await python.EvaluateAsync<string>($$"""
            r = await fetch('http://site.example/start', method='{{method}}', headers={'Authorization': 'secret', 'Cookie': 'secret', 'X-Own': '1'}, body={{(method == "HEAD" ? "None" : "'body'")}})
            f"{r.url} {r.headers['x-a']}"
            """));
        var requests = site.Requests.ToArray();
        Assert.Contains("\nAuthorization: secret\n", requests[0], StringComparison.Ordinal);
        Assert.Contains("\nCookie: secret\n", requests[0], StringComparison.Ordinal);
        Assert.StartsWith($"{next} /here HTTP/1.1\n", requests[1], StringComparison.Ordinal);
        Assert.Contains("Host: next.example\n", requests[1], StringComparison.Ordinal);
        Assert.Contains("X-Own: 1\n", requests[1], StringComparison.Ordinal);
        Assert.DoesNotContain("secret", requests[1], StringComparison.Ordinal);
        Assert.EndsWith($"\n\n{body}", requests[1], StringComparison.Ordinal);
        Assert.Equal(body.Length > 0, requests[1].Contains("Content-Type", StringComparison.Ordinal));
    }

    [NpmFact]
    public async Task RedirectsEnd()
    {
        using var site = new Site(_ => Site.Redirect("/again"));
        await using var python = await StartAsync(site.NewPolicy().AllowConnect("site.example", 80));
        Assert.Equal("OSError: There were more than 20 redirects.", (await Assert.ThrowsAsync<PythonException>(() => python.RunAsync("await fetch('http://site.example/')"))).Message);
        Assert.Equal(21, site.Requests.Count);
    }

    [NpmFact]
    public async Task AHandlerOfTheHostIsAskedForWhatIsAllowed()
    {
        using var handler = new Handler();
        var policy = new NetworkPolicy().AllowConnect("site.example", 443).AllowConnect("127.0.0.1", 80);
        var python = await StartAsync(policy, new PythonFetchOptions { Handler = handler });
        Assert.Equal("https://site.example/a", await python.EvaluateAsync<string>("(await fetch('https://SITE.example./a')).text.lower().replace('example.', 'example')"));
        Assert.Equal("http://127.0.0.1/", await python.EvaluateAsync<string>("(await fetch('http://127.1/')).text"));
        foreach (var url in new[] { "http://site.example/", "https://other.example/", "https://site.example/other", "http://127.0.0.2/", "http://[::1]/" })
            await DeniedAsync(python, url);
        Assert.Equal(3, handler.Count);
        Assert.Contains("it broke", (await Assert.ThrowsAsync<PythonException>(() => python.RunAsync("await fetch('https://site.example/fail')"))).Message, StringComparison.Ordinal);
        await python.DisposeAsync();
        Assert.False(handler.IsDisposed);
    }

    [NpmFact]
    public void AHandlerThatFollowsRedirectsIsRefused()
    {
        using var own = new SocketsHttpHandler();
        using var other = new HttpClientHandler();
        using var outer = new Outer(other);
        foreach (var handler in new HttpMessageHandler[] { own, other, outer })
            Assert.Contains("follows redirects", Assert.Throws<ArgumentException>(() => new PythonHost().WithFetch(new NetworkPolicy(), new PythonFetchOptions { Handler = handler })).Message, StringComparison.Ordinal);
        other.AllowAutoRedirect = false;
        new PythonHost().WithFetch(new NetworkPolicy(), new PythonFetchOptions { Handler = outer });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PythonHost().WithFetch(new NetworkPolicy(), new PythonFetchOptions { MaxBytes = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PythonHost().WithFetch(new NetworkPolicy(), new PythonFetchOptions { MaxConcurrency = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PythonHost().WithFetch(new NetworkPolicy(), new PythonFetchOptions { Timeout = TimeSpan.Zero }));
    }

    private static string Host(string request) => request.Split('\n').Single(line => line.StartsWith("Host: ", StringComparison.Ordinal))["Host: ".Length..];

    private static async Task DeniedAsync(PythonRuntime python, string url) =>
        Assert.StartsWith("PermissionError: fetch may not connect to ", (await Assert.ThrowsAsync<PythonException>(() => python.RunAsync($"await fetch('{url}')"))).Message, StringComparison.Ordinal);

    private static async Task<PythonRuntime> StartAsync(NetworkPolicy policy, PythonFetchOptions? options = null)
    {
        var python = await Interpreters.StartAsync(new PythonHost().WithFetch(policy, options));
        python.Run("from host import fetch");
        return python;
    }

    private sealed class Handler : HttpMessageHandler
    {
        public int Count { get; private set; }

        public bool IsDisposed { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Count++;
            var response = new HttpResponseMessage { Content = new StringContent(request.RequestUri!.AbsoluteUri) };
            if (request.RequestUri.AbsolutePath == "/fail")
                throw new InvalidOperationException("it broke");
            if (request.RequestUri.AbsolutePath == "/other")
                (response.StatusCode, response.Headers.Location) = (HttpStatusCode.Found, new Uri("https://other.example/"));
            return Task.FromResult(response);
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }

    private sealed class Outer(HttpMessageHandler inner) : DelegatingHandler(inner);
}
