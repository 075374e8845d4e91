using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fermata.Samples.WebServer;
using Microsoft.AspNetCore.Builder;

namespace Fermata.Samples.Tests;

public sealed class WebServerTests : IAsyncLifetime, IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>How often a guest is started anew that a short deadline has ended.</summary>
    private const int MostAttempts = 10;

    private readonly PatientUpstream _upstream = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(8) };
    private WebApplication? _server;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    public void Dispose()
    {
        _client.Dispose();
        _upstream.Dispose();
    }

    [Fact]
    public async Task TwoHundredGuestsWaitAtOnceAndEachGetsItsOwnAnswer()
    {
        const int Count = 200;
        await StartAsync();
        var responses = Enumerable.Range(0, Count).Select(i => _client.GetStringAsync($"run/prices/item{i}")).ToArray();

        // Nobody is answered before all have asked.
        var questions = new List<PatientUpstream.Question>();
        while (questions.Count < Count)
            questions.Add(await _upstream.NextAsync());
        var waiting = await SnapshotWhere(snapshot => snapshot.Suspended >= Count && snapshot.Guests.All(guest => guest.State == FiberState.Suspended));
        Assert.Equal(Count, waiting.GuestCount);
        Assert.All(waiting.Guests, guest => Assert.Equal("upstream.get", guest.WaitsFor));
        Assert.All(waiting.Guests, guest => Assert.StartsWith("price_of ← print_price ← prices ← main", guest.Stack, StringComparison.Ordinal));

        Random.Shared.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(questions));
        foreach (var question in questions)
            question.Answer(question.Query["?item=item".Length..]);
        var texts = await Task.WhenAll(responses);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => Lines(($"item{i}", i), ("total", i))), texts);
        Assert.Equal((Count, 0, 0), await CountsAsync());
    }

    [Fact]
    public async Task AnAnswerIsStreamed()
    {
        await StartAsync();
        using var response = _client.GetAsync("run/prices/apple/pear", HttpCompletionOption.ResponseHeadersRead);
        (await _upstream.NextAsync()).Answer("1.5");
        using var reader = new StreamReader(await (await response).Content.ReadAsStreamAsync());
        Assert.Equal(Line("apple", 1.5), await reader.ReadLineAsync());

        // The first line is here while the guest waits for what the second one needs.
        (await _upstream.NextAsync()).Answer("2");
        Assert.Equal(Lines(("pear", 2), ("total", 3.5)), await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task TheBodyIsStandardInputAndWhatItNamesIsEscaped()
    {
        await StartAsync();
        var response = _client.PostAsync("run/prices", new StringContent("../a&b=c\n"));
        var question = await _upstream.NextAsync();
        Assert.Equal("?item=..%2Fa%26b%3Dc", question.Query);
        question.Answer("4");
        Assert.Equal(Lines(("../a&b=c", 4), ("total", 4)), await (await response).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("trap", "out of bounds memory access\n  at guest.wasm!percent_of\n  at guest.wasm!trap\n  at guest.wasm!main")]
    [InlineData("hog", "exit code 1: no more memory after 15 MiB")]
    [InlineData("nonsense", "exit code 1: there is no command \"nonsense\"")]
    public async Task AGuestThatFailsIsAnErrorAndTheServerGoesOn(string command, string reason)
    {
        await StartAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, (await _client.GetAsync($"run/{command}")).StatusCode);
        var failure = Assert.Single((await SnapshotWhere(snapshot => snapshot.Failed == 1)).Failures);
        Assert.Equal((command, 500), (failure.Command, failure.Status));
        Assert.StartsWith(reason, failure.Reason, StringComparison.Ordinal);
        await AssertServes();
    }

    [Fact]
    public async Task AnUpstreamThatFailsIsAnErrorOfTheGuest()
    {
        await StartAsync();
        var response = _client.GetAsync("run/prices/apple");
        (await _upstream.NextAsync()).Response.SetResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        Assert.Equal(HttpStatusCode.InternalServerError, (await response).StatusCode);
        Assert.Equal("exit code 1: no price for apple", Assert.Single((await SnapshotAsync()).Failures).Reason);
        await AssertServes();
    }

    [Theory]
    [InlineData("loop")]
    [InlineData("prices/apple")]
    public async Task TheDeadlineEndsAGuestThatRunsOrWaits(string command)
    {
        await StartAsync(deadline: "3");
        var attempts = 0;
        bool isThere;
        do
        {
            Assert.Equal(HttpStatusCode.GatewayTimeout, (await _client.GetAsync($"run/{command}")).StatusCode);
            Assert.Equal((0, ++attempts, 0), await CountsAsync());

            // Where this machine is busy with something else, a guest may be ended before it has asked.
            isThere = command == "loop" || _upstream.TryNext();
        }
        while (!isThere && attempts < MostAttempts);
        Assert.True(isThere);
        await AssertServesInTime();
    }

    [Fact]
    public async Task LoopsTakeTurnsWithOthersUntilNobodyWaitsForThem()
    {
        await StartAsync();
        using var patience = new CancellationTokenSource();
        var loops = Enumerable.Range(0, 100).Select(_ => _client.GetAsync("run/loop", patience.Token)).ToArray();
        var all = await SnapshotWhere(snapshot => snapshot.GuestCount == loops.Length);
        Assert.InRange(all.Threads, 1, loops.Length - 1);
        await AssertServes();

        await patience.CancelAsync();
        foreach (var loop in loops)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop);
        var end = await SnapshotWhere(snapshot => snapshot.GuestCount == 0);
        Assert.Equal(loops.Length, end.Failed);
        Assert.All(end.Failures, failure => Assert.Equal(499, failure.Status));
    }

    [Fact]
    public async Task ThePageStartsRequestsAndShowsThem()
    {
        await StartAsync();
        Assert.Contains("<h1>One sandbox per request</h1>", await _client.GetStringAsync(""), StringComparison.Ordinal);
        using var started = await _client.PostAsync("start?count=3&command=prices/apple", null);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        for (var i = 0; i < 3; i++)
            (await _upstream.NextAsync()).Answer("1");
        await SnapshotWhere(snapshot => snapshot.Done == 3);
    }

    [Fact]
    public async Task TheLoadCommandCountsWhatSucceeded()
    {
        var output = new StringWriter();
        Assert.Equal(0, await LoadTest.RunAsync(["--requests", "30", "--delay", "0", "--deadline", "600"], output));
        Assert.StartsWith("status 200            30\nseconds ", output.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static string Line(string item, double price) => FormattableString.Invariant($"{item,-20} {price,8:F2}");

    private static string Lines(params (string Item, double Price)[] lines) => string.Concat(lines.Select(line => Line(line.Item, line.Price) + "\n"));

    private async Task StartAsync(string deadline = "600")
    {
        _server = await Server.BuildAsync(["--urls", "http://127.0.0.1:0", "--deadline", deadline, "--Logging:LogLevel:Default", "None"], _upstream);
        await _server.StartAsync();
        _client.BaseAddress = new Uri(_server.Urls.Single());
    }

    private async Task AssertServes()
    {
        var response = _client.GetStringAsync("run/prices/pear");
        (await _upstream.NextAsync()).Answer("7");
        Assert.Equal(Lines(("pear", 7), ("total", 7)), await response);
    }

    /// <summary>The same where the deadline is short: it may end a guest that takes hardly any time.</summary>
    private async Task AssertServesInTime()
    {
        using var end = new CancellationTokenSource();
        var answering = _upstream.AnswerAllAsync("7", end.Token);
        HttpResponseMessage response;
        var attempts = 0;
        do
            response = await _client.GetAsync("run/prices/pear");
        while (response.StatusCode == HttpStatusCode.GatewayTimeout && ++attempts < MostAttempts);
        Assert.Equal(Lines(("pear", 7), ("total", 7)), await response.Content.ReadAsStringAsync());
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
    }

    private async Task<(long Done, long Failed, int Guests)> CountsAsync()
    {
        var snapshot = await SnapshotAsync();
        return (snapshot.Done, snapshot.Failed, snapshot.GuestCount);
    }

    private Task<Snapshot> SnapshotAsync() => SnapshotWhere(_ => true);

    /// <summary>The first of the snapshots from now on that the page would show, of those that a test waits for.</summary>
    private async Task<Snapshot> SnapshotWhere(Func<Snapshot, bool> condition)
    {
        await using var stream = await _client.GetStreamAsync("events");
        await foreach (var item in SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize<Snapshot>(data, Json)!).EnumerateAsync())
        {
            if (condition(item.Data))
                return item.Data;
        }

        throw new InvalidOperationException("The stream of events has ended.");
    }
}
