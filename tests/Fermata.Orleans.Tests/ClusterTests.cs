using System.Collections.Concurrent;
using Fermata.Durable;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Orleans.Runtime.Placement;

namespace Fermata.Orleans.Tests;

/// <summary>Durable calls on several silos.</summary>
public sealed class ClusterTests
{
    /// <summary>Another silo goes on where the first one waited, asks with the same key, and only its answer counts.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task AnotherSiloGoesOnWhenOneIsKilled(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var questions = new SiloQuestions();
        await using var silos = await TestSilos.StartAsync(database, 3, questions.AskAsync);
        await silos.Store("a").StartAsync("a", TestSilos.Module, "checked_sum", [2]);
        var question = await questions.NextAsync();
        var results = silos.ResultsAsync("a");
        await silos.KillAsync(question.Silo);
        var again = await questions.NextAsync();
        Assert.NotEqual(question.Silo, again.Silo);
        Assert.Equal((question.Question.Call.Key, question.Question.Value), (again.Question.Call.Key, again.Question.Value));
        question.Question.Answer.TrySetResult(1000);
        again.Question.Answer.SetResult(20);
        (await questions.NextAsync()).Question.Answer.SetResult(3);
        Assert.Equal([23, 23], await results);
    }

    /// <summary>A grain that moves has its store with it, and who observes its calls.</summary>
    [Fact]
    public async Task AGrainMigratesInTheMiddleOfACall()
    {
        using var database = TestDatabase.Open("SQLite");
        var questions = new SiloQuestions();
        await using var silos = await TestSilos.StartAsync(database, 2, questions.AskAsync);
        await silos.Store("a").StartAsync("a", TestSilos.Module, "checked_sum", [2]);
        var observer = new Observer();
        await silos.Store("a").GetStateAsync("a", silos.Client.CreateObjectReference<IDurableCallObserver>(observer));
        var question = await questions.NextAsync();
        var other = silos.Cluster.Silos.Select(static silo => silo.SiloAddress).Single(silo => !silo.Equals(question.Silo));
        RequestContext.Set(IPlacementDirector.PlacementHintKey, other);
        await silos.Store("a").AsReference<IGrainManagementExtension>().MigrateOnIdle();
        RequestContext.Clear();

        // Nobody asks the grain for anything: it goes on by itself.
        var again = await questions.NextAsync();
        Assert.Equal((other, question.Question.Call.Key), (again.Silo, again.Question.Call.Key));
        again.Question.Answer.SetResult(20);
        (await questions.NextAsync()).Question.Answer.SetResult(3);
        Assert.Equal("a", await observer.Ended.WaitAsync(TimeSpan.FromMinutes(5)));
        Assert.Equal([23, 23], await silos.ResultsAsync("a"));
    }

    /// <summary>The cluster may end: the next one goes on, and nobody has to ask it to.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task AnotherClusterGoesOnByItself(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var questions = new SiloQuestions();
        await using (var first = await TestSilos.StartAsync(database, 1, questions.AskAsync))
        {
            await first.Store("a").StartAsync("a", TestSilos.Module, "sum", [1]);
            await questions.NextAsync();
        }

        await using var second = await TestSilos.StartAsync(database);
        await TestSilos.UntilAsync(() => (long)database.Query("SELECT state FROM fermata_calls")[0] == (long)DurableCallState.Completed);
        Assert.Equal([1], await second.ResultsAsync("a"));
    }

    /// <summary>An activation on a silo that is cut off may run on for a while, but what it wants to write is refused.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task WhoeverTookTheStoreLastHasIt(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var first = new Guest.Questions();
        var second = new Guest.Questions();
        var (host, module) = await Guest.OpenAsync(database.Database, first.AskAsync);
        var (other, _) = await Guest.OpenAsync(database.Database, second.AskAsync);
        await using (host)
        await using (other)
        {
            await host.StartAsync(takes: false);
            await other.StartAsync(takes: false);
            await host.StartCallAsync("a", module, "sum", [2]);
            await Task.Delay(200);
            Assert.Equal(0, host.RunningStores);
            var ended = new ConcurrentQueue<string>();
            var store = (await host.TakeAsync("a", TaskScheduler.Default, ended.Enqueue, CancellationToken.None)).Store!;
            var question = await first.NextAsync();
            var taken = (await other.TakeAsync("a", TaskScheduler.Default, ended.Enqueue, CancellationToken.None)).Store!;
            var again = await second.NextAsync();
            Assert.Equal(question.Call.Key, again.Call.Key);
            question.Answer.SetResult(1000);
            Assert.False(await store.End.WaitAsync(TimeSpan.FromMinutes(5)));
            again.Answer.SetResult(20);
            (await second.NextAsync()).Answer.SetResult(3);
            Assert.True(await taken.End.WaitAsync(TimeSpan.FromMinutes(5)));
            Assert.Equal(["a"], ended);
            Assert.Equal([23], (await host.FindAsync("a"))!.Results);
            Assert.Equal(new TakenStore(null, null, false), await host.TakeAsync("a", TaskScheduler.Default, ended.Enqueue, CancellationToken.None));
        }
    }

    /// <summary>A store that is told to stop, as when its grain is deactivated, commits what its guest has computed until it is out of fuel.</summary>
    [Fact]
    public async Task WhatRunsIsCommittedBeforeItStops()
    {
        const int Count = 180_000;
        using var database = TestDatabase.Open("SQLite");
        var engine = new Engine(new EngineOptions { UsesFuel = true });
        var stops = new Guest.Stops(Count / 3, 2 * Count / 3);
        var (host, module) = await Guest.OpenAsync(database.Database, change: options => options with { Engine = engine, FuelPerCommit = 50_000 }, step: stops.Step);
        await using var _ = host;
        await host.StartAsync(takes: false);
        await host.StartCallAsync("a", module, "count_steps", [Count]);
        var store = await TakeAsync();
        await stops.ReachedAsync();
        var snapshot = Snapshot();
        var stopping = store.StopAsync(CancellationToken.None);
        Assert.False(stopping.IsCompleted);
        stops.Go();
        await stopping.WaitAsync(TimeSpan.FromMinutes(5));
        Assert.False(await store.End);
        Assert.Equal(0, host.RunningStores);
        Assert.NotEqual(snapshot, Snapshot());

        // The guest that was stopped goes no further, wherever it was.
        stops.Go();
        store = await TakeAsync();
        Assert.True(await store.End.WaitAsync(TimeSpan.FromMinutes(5)));
        Assert.Equal([Count], (await host.FindAsync("a"))!.Results);

        async Task<RunningStore> TakeAsync() => (await host.TakeAsync("a", TaskScheduler.Default, static _ => { }, CancellationToken.None)).Store!;

        byte[] Snapshot() => (byte[])Assert.Single(database.Query("SELECT snapshot FROM fermata_stores"));
    }

    /// <summary>A process that was taken for dead may find its own store free, while the guest computes and does not come to a commit that would be refused.</summary>
    [Fact]
    public async Task WhoTakesAStoreFromItselfRunsItOnce()
    {
        using var database = TestDatabase.Open("SQLite");
        var stops = new Guest.Stops(1, 2);
        var (host, module) = await Guest.OpenAsync(database.Database, step: stops.Step);
        await using var _ = host;
        await host.StartAsync(takes: false);
        await host.StartCallAsync("a", module, "count_steps", [2]);
        var first = (await host.TakeAsync("a", TaskScheduler.Default, static _ => { }, CancellationToken.None)).Store!;
        await stops.ReachedAsync();
        var second = (await host.TakeAsync("a", TaskScheduler.Default, static _ => { }, CancellationToken.None)).Store!;
        Assert.False(await first.End.WaitAsync(TimeSpan.FromMinutes(5)));
        await stops.ReachedAsync();
        Assert.Equal(1, host.RunningStores);
        stops.Go();
        stops.Go();
        Assert.True(await second.End.WaitAsync(TimeSpan.FromMinutes(5)));
        Assert.Equal([2], (await host.FindAsync("a"))!.Results);
    }

    /// <summary>At most so many stores run on a silo at once; others wait.</summary>
    [Fact]
    public async Task NoMoreStoresRunThanThereMay()
    {
        using var database = TestDatabase.Open("SQLite");
        var questions = new SiloQuestions();
        await using var silos = await TestSilos.StartAsync(database, 1, questions.AskAsync, static options => options with { MaxRunningStores = 1 });
        await silos.Store("a").StartAsync("a", TestSilos.Module, "sum", [1]);
        await silos.Store("b").StartAsync("b", TestSilos.Module, "sum", [1]);
        var question = await questions.NextAsync();
        await Task.Delay(200);
        Assert.Equal(1, silos.RunningStores());
        question.Question.Answer.SetResult(5);
        (await questions.NextAsync()).Question.Answer.SetResult(6);
        Assert.Equal(11, (await silos.ResultsAsync("a"))[0].AsI32() + (await silos.ResultsAsync("b"))[0].AsI32());
    }

    /// <summary>Questions, with the silo on which each was asked.</summary>
    private sealed class SiloQuestions
    {
        private readonly Guest.Questions _questions = new();
        private readonly ConcurrentDictionary<DurableCall, SiloAddress> _silos = new();

        public Task<int> AskAsync(IServiceProvider services, DurableCall call, int value)
        {
            _silos[call] = services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
            return _questions.AskAsync(call, value);
        }

        public async Task<(Guest.Question Question, SiloAddress Silo)> NextAsync()
        {
            var question = await _questions.NextAsync();
            return (question, _silos[question.Call]);
        }
    }
}
