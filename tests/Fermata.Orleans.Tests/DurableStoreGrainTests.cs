using System.Runtime.Intrinsics;
using Fermata.Durable;
using Microsoft.Extensions.DependencyInjection;

namespace Fermata.Orleans.Tests;

/// <summary>Durable calls on one silo.</summary>
public sealed class DurableStoreGrainTests
{
    [Fact]
    public async Task CallsAreStartedOnceAndEnd()
    {
        using var database = TestDatabase.Open("SQLite");
        await using var silos = await TestSilos.StartAsync(database);
        Assert.True(await silos.Store("a").StartAsync("a", TestSilos.Module, "order", [4, 20]));
        Assert.False(await silos.Store("a").StartAsync("a", TestSilos.Module, "order", [5, 20]));
        Assert.Equal([126, 126], await silos.ResultsAsync("a"));
        Assert.False(await silos.Store("a").StartAsync("a", TestSilos.Module, "order", [5, 20]));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => silos.ResultsAsync("b"));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => silos.ResultsAsync("b", "a"));

        // When nothing waits, nothing is left but the call.
        Assert.Empty(database.Query("SELECT name FROM fermata_stores"));
        await TestSilos.UntilAsync(() => database.Query("SELECT grain FROM fermata_reminders").Count == 0);

        // Calls of one store share it, and it is kept.
        Assert.True(await silos.Store("shared").StartAsync("b", TestSilos.Module, "sum", [1]));
        Assert.Equal([1], await silos.ResultsAsync("shared", "b"));
        Assert.True(await silos.Store("shared").StartAsync("c", TestSilos.Module, "checked_sum", [2]));
        Assert.Equal([3, 4], await silos.ResultsAsync("shared", "c"));

        // A program of WASI goes as it has come.
        Assert.True(await silos.Store("program").StartProgramAsync(TestSilos.Program, ProgramGuest.Order(4, 20)));
        Assert.False(await silos.Store("program").StartProgramAsync(TestSilos.Program, ProgramGuest.Order(5, 20)));
        Assert.Equal([126], await silos.ResultsAsync("program"));
    }

    /// <summary>Orleans tells of a message that has expired as of one that was cancelled.</summary>
    [Fact]
    public async Task WhoWaitsIsNotEndedByAMessageThatExpires()
    {
        using var database = TestDatabase.Open("SQLite");
        await using var silos = await TestSilos.StartAsync(database);
        await silos.Store("a").StartAsync("a", TestSilos.Module, "sum", [1]);
        var grains = ExpiringProxy.Of<IGrainFactory>(silos.Client, 2);
        Assert.Equal([1], await grains.GetResultsAsync("a", "a").WaitAsync(TimeSpan.FromMinutes(5)));
        Assert.Equal(0, ((ExpiringProxy)grains).Expirations);
        using var source = new CancellationTokenSource();
        var waiting = ExpiringProxy.Of<IGrainFactory>(silos.Client, int.MaxValue).GetResultsAsync("a", "a", source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task CallsFailAndAreRetriedAndCancelled()
    {
        using var database = TestDatabase.Open("SQLite");
        var fails = true;
        await using var silos = await TestSilos.StartAsync(database, ask: (_, _, value) => value == 5 && fails ? throw new InvalidOperationException("no stock") : Task.FromResult(value));
        await silos.Store("a").StartAsync("a", TestSilos.Module, "fail", [5]);
        var failure = await Assert.ThrowsAsync<DurableCallException>(() => silos.ResultsAsync("a"));
        Assert.Equal(DurableCallState.Failed, failure.State);
        Assert.Contains("no stock", failure.Message);
        fails = false;
        Assert.True(await silos.Store("a").RetryAsync("a"));
        Assert.Equal([0], await silos.ResultsAsync("a"));

        // Also one that computes, and would not let anybody else have the grain's turn.
        await silos.Store("b").StartAsync("b", TestSilos.Module, "spin", []);
        await TestSilos.UntilAsync(() => silos.RunningStores() == 1);
        Assert.Equal(DurableCallState.Running, (await silos.Store("b").GetStateAsync("b"))!.State);
        Assert.True(await silos.Store("b").CancelAsync("b"));
        Assert.Equal(DurableCallState.Cancelled, (await Assert.ThrowsAsync<DurableCallException>(() => silos.ResultsAsync("b"))).State);
        Assert.False(await silos.Store("b").CancelAsync("b"));

        await silos.Store("c").StartAsync("c", TestSilos.Module, "event", [5], DateTimeOffset.UtcNow + TimeSpan.FromMilliseconds(300));
        Assert.Contains("Its deadline has passed.", (await Assert.ThrowsAsync<DurableCallException>(() => silos.ResultsAsync("c"))).Message);

        // A module that the database does not have.
        await silos.Store("d").StartAsync("d", new string('0', 64), "sum", [1]);
        failure = await Assert.ThrowsAsync<DurableCallException>(() => silos.ResultsAsync("d"));
        Assert.Equal(DurableCallState.Running, failure.State);
        Assert.Contains("does not have the module", failure.Message);
        await Assert.ThrowsAsync<ArgumentException>(() => silos.Store("d").StartAsync("e", TestSilos.Module, "sum", [1]));
    }

    /// <summary>Nothing is committed that no reminder would have go on if the silo ended at this moment.</summary>
    [Fact]
    public async Task TheReminderComesBeforeTheCall()
    {
        using var database = TestDatabase.Open("SQLite");
        await using var silos = await TestSilos.StartAsync(database, reminders: new FailingReminders(new IOException("It cannot be written.")));
        await Assert.ThrowsAsync<IOException>(() => silos.Store("a").StartAsync("a", TestSilos.Module, "sum", [1]));
        Assert.Empty(database.Query("SELECT key FROM fermata_calls"));
    }

    [Fact]
    public async Task WhatTheDatabaseFailsWithCanBeToldToAnyClient()
    {
        using var database = TestDatabase.Open("SQLite");
        await using var silos = await TestSilos.StartAsync(database, reminders: new FailingReminders(new UnknownException()));
        var exception = await Assert.ThrowsAsync<IOException>(() => silos.Store("a").StartAsync("a", TestSilos.Module, "sum", [1]));
        Assert.Equal("The database of the store 'a' failed: It is full.", exception.Message);
    }

    /// <summary>Functions of the host run as code of the grain, and call others.</summary>
    [Fact]
    public async Task FunctionsOfTheHostRunOnTheActivationsScheduler()
    {
        using var database = TestDatabase.Open("SQLite");
        await using var silos = await TestSilos.StartAsync(database, ask: static async (services, call, value) =>
        {
            Assert.Contains("ActivationTaskScheduler", TaskScheduler.Current.GetType().Name);
            if (call.Store != "a")
                return value;
            var grains = services.GetRequiredService<IGrainFactory>();
            await grains.GetGrain<IDurableStoreGrain>(call.Key).StartAsync(call.Key, TestSilos.Module, "sum", [value]);
            Assert.Contains("ActivationTaskScheduler", TaskScheduler.Current.GetType().Name);
            var results = await grains.GetResultsAsync(call.Key, call.Key);
            return results[0].AsI32();
        });
        await silos.Store("a").StartAsync("a", TestSilos.Module, "sum", [3]);
        Assert.Equal([10], await silos.ResultsAsync("a"));
    }

    [Fact]
    public async Task EventsAreRaisedWhereverTheGrainIs()
    {
        using var database = TestDatabase.Open("SQLite");
        await using var silos = await TestSilos.StartAsync(database);
        await silos.Store("a").StartAsync("a", TestSilos.Module, "event", [5]);
        await TestSilos.UntilAsync(() => database.Query("SELECT key FROM fermata_waits WHERE event = 'event 5'").Count == 1 && silos.RunningStores() == 0);

        // While only an event is waited for, the reminder is far away.
        await TestSilos.UntilAsync(() => (long)database.Query("SELECT first FROM fermata_reminders")[0] > DateTimeOffset.UtcNow.AddHours(20).ToUnixTimeMilliseconds());
        await silos.DeactivateAsync("a");
        Assert.True(await silos.Store("a").RaiseAsync("event 5", 20));
        await silos.Store("a").RaiseAsync("event 5", 22);
        Assert.Equal([42], await silos.ResultsAsync("a"));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => silos.Store("a").RaiseAsync("event 5", 1));
        await Assert.ThrowsAsync<ArgumentException>(() => silos.Store("a").RaiseJsonAsync("event 5", "{"));
    }

    /// <summary>A far time is waited for in the database only; the reminder has the grain go on.</summary>
    [Fact]
    public async Task AReminderHasTheStoreGoOn()
    {
        using var database = TestDatabase.Open("SQLite");
        await using var silos = await TestSilos.StartAsync(database);
        await silos.Store("a").StartAsync("a", TestSilos.Module, "sleep", [20_000]);
        await TestSilos.UntilAsync(() => database.Query("SELECT due FROM fermata_waits").Count == 1 && silos.RunningStores() == 0);
        var due = (long)database.Query("SELECT due FROM fermata_waits")[0];

        // Orleans is told in how much time it is to come, and may hear that a little later.
        await TestSilos.UntilAsync(() => (long)database.Query("SELECT first FROM fermata_reminders")[0] > due - 100);
        await silos.DeactivateAsync("a");
        await TestSilos.UntilAsync(() => (long)database.Query("SELECT state FROM fermata_calls")[0] == (long)DurableCallState.Completed);
        Assert.True(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() >= due);
        await TestSilos.UntilAsync(() => database.Query("SELECT grain FROM fermata_reminders").Count == 0);
    }

    /// <summary>A guest that computes goes on in the next activation.</summary>
    [Fact]
    public async Task AComputationGoesOnAfterADeactivation()
    {
        using var database = TestDatabase.Open("SQLite");
        const int Count = 120_000;
        var stops = new Guest.Stops(Count / 2);
        await using var silos = await TestSilos.StartAsync(
            database, change: static options => options with { Engine = new Engine(new EngineOptions { UsesFuel = true }), FuelPerCommit = 50_000 }, step: stops.Step);
        await silos.Store("a").StartAsync("a", TestSilos.Module, "count_steps", [Count]);
        await stops.ReachedAsync();
        Assert.Equal(1, silos.RunningStores());
        await silos.DeactivateAsync("a");
        await Task.Delay(100);
        stops.Go();
        Assert.Equal([Count], await silos.ResultsAsync("a"));
    }

    /// <summary>Who observes a call is told of its end, also where nobody asks for the state any more.</summary>
    [Fact]
    public async Task ObserversAreTold()
    {
        using var database = TestDatabase.Open("SQLite");
        var questions = new Guest.Questions();
        await using var silos = await TestSilos.StartAsync(database, ask: (_, call, value) => questions.AskAsync(call, value));
        var observer = new Observer();
        var reference = silos.Client.CreateObjectReference<IDurableCallObserver>(observer);
        Assert.Null(await silos.Store("a").GetStateAsync("a", reference));
        await silos.Store("a").StartAsync("a", TestSilos.Module, "sum", [1]);
        Assert.Equal(DurableCallState.Running, (await silos.Store("a").GetStateAsync("a", reference))!.State);
        (await questions.NextAsync()).Answer.SetResult(7);
        Assert.Equal("a", await observer.Ended.WaitAsync(TimeSpan.FromMinutes(5)));
        Assert.Equal([7], (await silos.Store("a").GetStateAsync("a", reference))!.Results!);
    }

    /// <summary>All values that calls may have are the same on the other side.</summary>
    [Fact]
    public void ValuesAreKept()
    {
        Value[] values = [1, -1L, 1.5f, double.NaN, Value.FromV128(Vector128.Create(1UL, 2UL).AsByte())];
        var converter = new ValueConverter();
        Assert.Equal(values, values.Select(value => converter.ConvertFromSurrogate(converter.ConvertToSurrogate(value))));
        Assert.Throws<NotSupportedException>(() => converter.ConvertToSurrogate(Value.FromExternRef("x")));
    }

    /// <summary>As a library of a database has one, for which Orleans knows no codec.</summary>
    private sealed class UnknownException() : System.Data.Common.DbException("It is full.");
}
