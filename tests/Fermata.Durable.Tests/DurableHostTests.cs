namespace Fermata.Durable.Tests;

/// <summary>Durable calls in one process, and from one host to the next as from one process to the next.</summary>
public sealed class DurableHostTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task ACallHasResultsAndLeavesNothingBehind(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var (host, module) = await Guest.OpenAsync(database.Database);
        await using var _ = host;
        await host.StartAsync();
        Assert.True(await host.StartCallAsync("a", module, "checked_sum", [5]));
        Assert.False(await host.StartCallAsync("a", module, "checked_sum", [6]));
        Assert.Equal([15, 15], await Results(host, "a"));
        Assert.Empty(database.Query("SELECT name FROM fermata_stores"));
        Assert.Empty(database.Query("SELECT key FROM fermata_waits"));
        Assert.Empty(database.Query("SELECT page FROM fermata_store_pages"));
        var info = await host.FindAsync("a");
        Assert.Equal((DurableCallState.Completed, "checked_sum", "a"), (info!.State, info.Export, info.Store));
        Assert.True(await host.ForgetAsync("a"));
        Assert.False(await host.ForgetAsync("a"));
        Assert.Null(await host.FindAsync("a"));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => host.GetResultsAsync("a"));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task TextOfTheMemoryIsAskedAndAnswered(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var (host, module) = await Guest.OpenAsync(database.Database);
        await using var _ = host;
        await host.StartAsync();
        await host.StartCallAsync("a", module, "greet", []);
        Assert.Equal(['w'], await Results(host, "a"));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task TextThatNoDatabaseHoldsIsRefusedOrTold(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var (host, module) = await Guest.OpenAsync(database.Database, static (_, _) => throw new InvalidOperationException("a\0b\ud800c"));
        await using var _ = host;
        await host.StartAsync();
        Assert.StartsWith(
            "The text of 'key' has U+0000 at index 1", (await Assert.ThrowsAsync<ArgumentException>(() => host.StartCallAsync("a\0", module, "sum", [1]))).Message, StringComparison.Ordinal);
        Assert.True(await host.StartCallAsync("event", module, "event", [1]));
        Assert.StartsWith(
            "The text of 'event' has U+D800 at index 0", (await Assert.ThrowsAsync<ArgumentException>(() => host.RaiseAsync("event", "\ud800", 1))).Message, StringComparison.Ordinal);

        // What a function failed with is told as far as it can be, and is no reason for the store not to go on.
        Assert.True(await host.StartCallAsync("fails", module, "sum", [1]));
        var failure = await Assert.ThrowsAsync<DurableCallException>(() => Results(host, "fails"));
        Assert.Equal(DurableCallState.Failed, failure.State);
        Assert.Contains("InvalidOperationException: a\uFFFDb\uFFFDc", failure.Message, StringComparison.Ordinal);
        Assert.Empty(database.Query("SELECT name FROM fermata_stores WHERE error IS NOT NULL"));
    }

    /// <summary>The host is asked after the commit; a process that ends before it answers is asked again, with the same key; one that has answered is not.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task AnotherProcessGoesOnWhereTheFirstOneWaited(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var first = new Guest.Questions();
        string key;
        var (host, module) = await Guest.OpenAsync(database.Database, first.AskAsync);
        await using (host)
        {
            await host.StartAsync();
            await host.StartCallAsync("a", module, "checked_sum", [3]);
            (await first.NextAsync()).Answer.SetResult(10);
            var question = await first.NextAsync();
            Assert.Equal((2, "a"), (question.Value, question.Call.Store));
            Assert.Equal(["2"], database.Query("SELECT substr(request, 2, 1) FROM fermata_waits"));
            key = question.Call.Key;
        }

        var second = new Guest.Questions();
        var (other, _) = await Guest.OpenAsync(database.Database, second.AskAsync);
        await using (other)
        {
            await other.StartAsync();
            var again = await second.NextAsync();
            Assert.Equal((2, key), (again.Value, again.Call.Key));
            again.Answer.SetResult(100);
            var last = await second.NextAsync();
            Assert.Equal(1, last.Value);
            Assert.NotEqual(key, last.Call.Key);
            last.Answer.SetResult(1000);
            Assert.Equal([1110, 1110], await Results(other, "a"));
        }
    }

    /// <summary>What was answered is recorded before the guest goes on: it is not asked again, though the process ended before the next commit.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task AnAnswerIsRecordedBeforeTheGuestGoesOn(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var (host, module) = await Guest.OpenAsync(database.Database, static (_, value) => Task.FromResult(value), static options => options with { Engine = new Engine(new EngineOptions { UsesFuel = true }), FuelPerCommit = 1000 });
        await using (host)
        {
            await host.StartAsync();
            await host.StartCallAsync("a", module, "sum", [2]);
            Assert.Equal([3], await Results(host, "a"));
        }

        // As if a process had ended after an answer: the wait has a result, and nobody owns the store.
        var questions = new Guest.Questions();
        (host, module) = await Guest.OpenAsync(database.Database, questions.AskAsync);
        await using (host)
        {
            await host.StartAsync();
            await host.StartCallAsync("b", module, "sum", [2]);
            await questions.NextAsync();
        }

        Assert.Equal(["b"], database.Query("UPDATE fermata_waits SET result = '40' RETURNING store"));
        (host, _) = await Guest.OpenAsync(database.Database, questions.AskAsync);
        await using (host)
        {
            await host.StartAsync();
            var question = await questions.NextAsync();
            Assert.Equal(1, question.Value);
            question.Answer.SetResult(2);
            Assert.Equal([42], await Results(host, "b"));
        }
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task AWaitForATimeLeavesTheMemoryAndTheProcess(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var (host, module) = await Guest.OpenAsync(database.Database, change: static options => options with { ShortestAbsence = TimeSpan.FromMilliseconds(100) });
        await using (host)
        {
            await host.StartAsync();
            await host.StartCallAsync("a", module, "sleep", [10_000_000]);
            await host.StartCallAsync("b", module, "sleep", [1]);
            Assert.Equal([7], await Results(host, "b"));
            while (host.RunningStores > 0)
                await Task.Delay(10);
            Assert.Equal(DurableCallState.Running, (await host.FindAsync("a"))!.State);
            var wait = Assert.Single(await host.InspectAsync("a"));
            Assert.Equal("shop.sleep", wait.Function);
            Assert.Contains("sleep", wait.WasmStack[0].ToString());
        }

        (host, _) = await Guest.OpenAsync(database.Database, change: static options => options with { Clock = new LaterClock(TimeSpan.FromHours(3)) });
        await using (host)
        {
            await host.StartAsync();
            Assert.Equal([7], await Results(host, "a"));
        }
    }

    /// <summary>Events come to who waits for them, and to who will.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task EventsAreWaitedForAndKept(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var (host, module) = await Guest.OpenAsync(database.Database);
        await using var _ = host;
        await host.StartAsync();
        await host.StartCallAsync("a", module, "event", [5]);
        while (database.Query("SELECT key FROM fermata_waits WHERE event = 'event 5'").Count == 0 || host.RunningStores > 0)
            await Task.Delay(10);
        Assert.True(await host.RaiseAsync("a", "event 5", 20));
        await host.RaiseAsync("a", "event 5", 22);
        Assert.Equal([42], await Results(host, "a"));
        Assert.Equal("There is no store 'a': none was made, or all of its calls have ended.", (await Assert.ThrowsAsync<KeyNotFoundException>(() => host.RaiseAsync("a", "event 5", 1))).Message);
    }

    /// <summary>A store tells which process has it in memory, as long as that gives signs of life.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task ACallTellsWhichProcessHasIt(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var questions = new Guest.Questions();
        var (host, module) = await Guest.OpenAsync(database.Database, questions.AskAsync, static options => options with { LeaseTime = TimeSpan.FromHours(1) });
        await using (host)
        {
            await host.StartCallAsync("a", module, "sum", [1]);
            Assert.Null((await host.FindAsync("a"))!.Process);
            await host.StartAsync();
            var question = await questions.NextAsync();
            Assert.Equal($"{Environment.MachineName}:{Environment.ProcessId}", (await host.FindAsync("a"))!.Process);
            await host.StartCallAsync("b", module, "event", [5]);
            while (database.Query("SELECT key FROM fermata_waits WHERE event = 'event 5'").Count == 0 || host.RunningStores > 1)
                await Task.Delay(10);
            Assert.Null((await host.FindAsync("b"))!.Process);
            question.Answer.SetResult(1);
            Assert.Equal([1], await Results(host, "a"));
            Assert.Null((await host.FindAsync("a"))!.Process);

            // As if it had been killed.
            await host.StartCallAsync("c", module, "sum", [1]);
            await questions.NextAsync();
            Assert.NotNull((await host.FindAsync("c"))!.Process);
            database.Query("UPDATE fermata_owners SET until = 0");
            Assert.Null((await host.FindAsync("c"))!.Process);
        }
    }

    /// <summary>What is told of a store is of one moment, while it goes from one commit to the next.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task AStoreThatGoesOnCanBeLookedAt(string kind)
    {
        using var database = TestDatabase.Open(kind);

        // It waits twice until it was seen in another place.
        using var looks = new SemaphoreSlim(0);
        var (host, module) = await Guest.OpenAsync(database.Database, async (call, value) =>
        {
            if (value is 100 or 50)
                await looks.WaitAsync(call.CancellationToken);
            return value;
        });
        await using var _ = host;
        await host.StartAsync();
        await host.StartCallAsync("a", module, "checked_sum", [100], new DurableCallOptions { Store = "store" });
        var results = Results(host, "a");
        var depths = new HashSet<int>();
        while (!results.IsCompleted)
        {
            if (await host.InspectAsync("store") is [var wait] && depths.Add(wait.WasmStack.Count))
                looks.Release();
        }

        Assert.Equal([5050, 5050], await results);
        Assert.InRange(depths.Count, 2, 101);
    }

    /// <summary>What fails is as it was at the last commit, for another try, in which functions that had failed are asked again.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task AFailedCallIsTriedAgain(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var fails = true;
        var asked = 0;
        var (host, module) = await Guest.OpenAsync(database.Database, (_, value) =>
        {
            asked++;
            return value == 5 && fails ? Task.FromException<int>(new InvalidOperationException("no stock")) : Task.FromResult(value);
        });
        await using var _ = host;
        await host.StartAsync();
        await host.StartCallAsync("a", module, "fail", [5]);
        var failure = await Assert.ThrowsAsync<DurableCallException>(() => Results(host, "a"));
        Assert.Equal(("a", DurableCallState.Failed), (failure.Key, failure.State));
        Assert.Contains("shop.ask failed: InvalidOperationException: no stock", failure.Message);
        Assert.Equal(2, asked);
        fails = false;
        Assert.True(await host.RetryAsync("a"));
        Assert.Equal([0], await Results(host, "a"));
        Assert.Equal(3, asked);
        Assert.False(await host.RetryAsync("a"));

        // A trap fails again, as the answer is recorded.
        await host.StartCallAsync("b", module, "fail", [0]);
        Assert.Contains("divide by zero", (await Assert.ThrowsAsync<DurableCallException>(() => Results(host, "b"))).Message);
        Assert.True(await host.RetryAsync("b"));
        Assert.Contains("divide by zero", (await Assert.ThrowsAsync<DurableCallException>(() => Results(host, "b"))).Message);
        Assert.True(await host.ForgetAsync("b"));
        Assert.Empty(database.Query("SELECT name FROM fermata_stores"));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task CallsAreCancelledWhereverTheyAre(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var questions = new Guest.Questions();
        var (host, module) = await Guest.OpenAsync(database.Database, questions.AskAsync);
        await using var _ = host;

        // One that no process has begun, one that waits in memory, one that computes, and one that is in the database only.
        await host.StartCallAsync("new", module, "sum", [1]);
        Assert.True(await host.CancelAsync("new"));
        await host.StartAsync();
        await AssertEnded("new", "It was cancelled.");
        await host.StartCallAsync("asks", module, "sum", [1]);
        var question = await questions.NextAsync();
        Assert.True(await host.CancelAsync("asks"));
        await AssertEnded("asks", "It was cancelled.");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Delay(Limit, question.Call.CancellationToken));
        await host.StartCallAsync("spins", module, "spin", []);
        while (host.RunningStores == 0)
            await Task.Delay(1);
        await Task.Delay(100);
        Assert.True(await host.CancelAsync("spins"));
        await AssertEnded("spins", "It was cancelled.");
        await host.StartCallAsync("sleeps", module, "sleep", [100_000_000]);
        while (database.Query("SELECT key FROM fermata_waits WHERE due IS NOT NULL").Count == 0 || host.RunningStores > 0)
            await Task.Delay(10);
        Assert.True(await host.CancelAsync("sleeps"));
        await AssertEnded("sleeps", "It was cancelled.");
        Assert.False(await host.CancelAsync("sleeps"));

        // And those whose time is over: while they compute, and while they are in the database.
        await host.StartCallAsync("late", module, "spin", [], new DurableCallOptions { Deadline = DateTimeOffset.UtcNow + TimeSpan.FromMilliseconds(200) });
        await host.StartCallAsync("later", module, "sleep", [100_000_000], new DurableCallOptions { Deadline = DateTimeOffset.UtcNow + TimeSpan.FromMilliseconds(300) });
        await AssertEnded("late", "Its deadline has passed.");
        await AssertEnded("later", "Its deadline has passed.");
        Assert.Empty(database.Query("SELECT name FROM fermata_stores"));

        async Task AssertEnded(string key, string reason)
        {
            var end = await Assert.ThrowsAsync<DurableCallException>(() => Results(host, key));
            Assert.Equal((DurableCallState.Cancelled, $"The call '{key}' was ended: {reason}"), (end.State, end.Message));
        }
    }

    /// <summary>Calls of one store take turns, and what they leave in its memory is there for the next.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task CallsOfOneStoreShareIt(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var questions = new Guest.Questions();
        var (host, module) = await Guest.OpenAsync(database.Database, questions.AskAsync);
        var shared = new DurableCallOptions { Store = "shared" };
        await using (host)
        {
            await host.StartAsync();
            await host.StartCallAsync("a", module, "sum", [1], shared);
            await questions.NextAsync();
            await host.StartCallAsync("b", module, "sum", [1], shared);
            (await questions.NextAsync()).Answer.SetResult(30);
            Assert.Equal([30], await Results(host, "b"));
            await host.StartCallAsync("c", module, "sum", [1], shared);
            await questions.NextAsync();
        }

        (host, _) = await Guest.OpenAsync(database.Database, questions.AskAsync);
        await using (host)
        {
            await host.StartAsync();
            var one = await questions.NextAsync();
            var other = await questions.NextAsync();
            Assert.NotEqual(one.Call.Key, other.Call.Key);
            Assert.True(await host.CancelAsync("c"));
            Assert.Equal(DurableCallState.Cancelled, (await Assert.ThrowsAsync<DurableCallException>(() => Results(host, "c"))).State);
            (await questions.NextAsync()).Answer.SetResult(2);
            Assert.Equal([2], await Results(host, "a"));
            await host.StartCallAsync("d", module, "checked_sum", [1], shared);
            (await questions.NextAsync()).Answer.SetResult(10);
            Assert.Equal([10, 42], await Results(host, "d"));
            var text = await Assert.ThrowsAsync<ArgumentException>(async () => await host.StartCallAsync("e", await host.AddModuleAsync(Module.Parse(new Engine(), "(memory 1)").ToBytes(), "other"), "x", [], shared));
            Assert.Equal("The store 'shared' is of another module.", text.Message);
        }
    }

    /// <summary>A call that fails in a store that was named leaves it to others, and starts from the beginning when it is tried again.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task OthersGoOnInAStoreInWhichACallHasFailed(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var asked = 0;
        var (host, module) = await Guest.OpenAsync(database.Database, (_, value) => value == 7 && asked++ == 0 ? Task.FromException<int>(new IOException("down")) : Task.FromResult(value));
        await using var _ = host;
        await host.StartAsync();
        var shared = new DurableCallOptions { Store = "shared" };
        await host.StartCallAsync("a", module, "fail", [7], shared);
        Assert.Equal(DurableCallState.Failed, (await Assert.ThrowsAsync<DurableCallException>(() => Results(host, "a"))).State);
        await host.StartCallAsync("b", module, "checked_sum", [2], shared);
        Assert.Equal([3, 3], await Results(host, "b"));
        Assert.True(await host.RetryAsync("a"));
        Assert.Equal([0], await Results(host, "a"));

        // One of its own is kept for another try, so that no other call can go on in it.
        await host.StartCallAsync("c", module, "fail", [0]);
        Assert.Equal(DurableCallState.Failed, (await Assert.ThrowsAsync<DurableCallException>(() => Results(host, "c"))).State);
        await host.StartCallAsync("d", module, "sum", [1], new DurableCallOptions { Store = "c" });
        Assert.Contains("The store has the call 'c' in the middle, which has failed", (await Assert.ThrowsAsync<DurableCallException>(() => Results(host, "d"))).Message);
    }

    /// <summary>A guest that computes for long is committed on the way, and goes on from there.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task ALongComputationIsCommittedOnTheWay(string kind)
    {
        const int Count = 60_000;
        using var database = TestDatabase.Open(kind);
        static DurableHostOptions Fuel(DurableHostOptions options) => options with { Engine = new Engine(new EngineOptions { UsesFuel = true }), FuelPerCommit = 50_000 };
        var stops = new Guest.Stops(Count / 2);
        var (host, module) = await Guest.OpenAsync(database.Database, change: Fuel, step: stops.Step);
        await using (host)
        {
            await host.StartAsync();
            await host.StartCallAsync("a", module, "count_steps", [Count]);
            await stops.ReachedAsync();
        }

        stops.Go();
        Assert.Equal([1L], database.Query("SELECT COUNT(*) FROM fermata_stores WHERE snapshot IS NOT NULL AND owner IS NULL"));
        var steps = 0;
        (host, _) = await Guest.OpenAsync(database.Database, change: Fuel, step: () => steps++);
        await using (host)
        {
            await host.StartAsync();
            Assert.Equal([Count], await Results(host, "a"));
        }

        Assert.InRange(steps, Count / 2, Count - 1);
    }

    /// <summary>Of a process that gives no sign of life another one takes the stores; what the first still wants to write is refused.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task TwoProcessesDoNotRunOneStore(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var first = new Guest.Questions();
        var second = new Guest.Questions();
        var (host, module) = await Guest.OpenAsync(database.Database, first.AskAsync);
        var (other, _) = await Guest.OpenAsync(database.Database, second.AskAsync);
        await using (host)
        await using (other)
        {
            await host.StartAsync();
            await host.StartCallAsync("a", module, "checked_sum", [2]);
            var question = await first.NextAsync();
            await other.StartAsync();
            await Task.Delay(200);
            Assert.Equal(0, other.RunningStores);

            // As if the first process had been stopped for a minute.
            database.Query("UPDATE fermata_owners SET until = 0 WHERE id = (SELECT owner FROM fermata_stores)");
            var again = await second.NextAsync();
            Assert.Equal(question.Call.Key, again.Call.Key);
            question.Answer.SetResult(1000);
            while (host.RunningStores > 0)
                await Task.Delay(10);
            again.Answer.SetResult(20);
            (await second.NextAsync()).Answer.SetResult(3);
            Assert.Equal([23, 23], await Results(other, "a"));

            // The first one asks for the results as any process may.
            Assert.Equal([23, 23], await Results(host, "a"));
        }
    }

    /// <summary>A process that is stopped at any moment leaves calls as they are.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task AHostStopsAtAnyMoment(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var random = new Random(3);
        for (var i = 0; i < 20; i++)
        {
            var (host, module) = await Guest.OpenAsync(database.Database, change: static options => options with { ShortestAbsence = TimeSpan.Zero });
            await using (host)
            {
                if (i == 0)
                    await Task.WhenAll(Enumerable.Range(0, 30).Select(order => host.StartCallAsync($"{order}", module, "order", [order, order % 40])));
                await host.StartAsync();
                await Task.Delay(random.Next(30));
            }
        }

        var (last, _) = await Guest.OpenAsync(database.Database);
        await using (last)
        {
            await last.StartAsync();
            for (var order = 0; order < 30; order++)
                Assert.Equal([(order * 30) + 6, (order * 30) + 6], await Results(last, $"{order}"));
        }
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task WhatCannotGoOnIsTold(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var (host, _) = await Guest.OpenAsync(database.Database);
        await using var _ = host;
        var module = await host.AddModuleAsync(Module.Parse(new Engine(), """(import "shop" "none" (func)) (func (export "run"))""").ToBytes(), "unlinked");
        await host.StartAsync();
        await host.StartCallAsync("a", module, "run", []);
        var failure = await Assert.ThrowsAsync<DurableCallException>(() => Results(host, "a"));
        Assert.Equal(DurableCallState.Running, failure.State);
        Assert.Contains("\"shop\" \"none\"", failure.Message);
        Assert.True(await host.RetryAsync("a"));
        Assert.Contains("\"shop\" \"none\"", (await Assert.ThrowsAsync<DurableCallException>(() => Results(host, "a"))).Message);
        Assert.True(await host.CancelAsync("a"));
        while ((await host.FindAsync("a"))!.State == DurableCallState.Running)
            await Task.Delay(10);
        Assert.Equal("The call 'a' was ended: It was cancelled.", (await Assert.ThrowsAsync<DurableCallException>(() => Results(host, "a"))).Message);

        var (_, good) = await Guest.OpenAsync(database.Database);
        await host.StartCallAsync("b", good, "none", []);
        Assert.Equal(DurableCallState.Failed, (await Assert.ThrowsAsync<DurableCallException>(() => Results(host, "b"))).State);
        await host.StartCallAsync("c", good, "sum", [1L]);
        Assert.Equal(DurableCallState.Failed, (await Assert.ThrowsAsync<DurableCallException>(() => Results(host, "c"))).State);
        Assert.Equal([DurableCallState.Failed, DurableCallState.Failed], (await host.ListAsync(DurableCallState.Failed)).Select(static call => call.State));
        Assert.Equal(3, await host.CountAsync());
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task FunctionsMustFit(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var (host, _) = await Guest.OpenAsync(database.Database);
        await using var _ = host;
        Assert.StartsWith("x.y must take a DurableCall and numbers", Assert.Throws<ArgumentException>(() => host.Define("x", "y", (int _) => Task.CompletedTask)).Message);
        Assert.StartsWith("x.y must take a DurableCall and numbers", Assert.Throws<ArgumentException>(() => host.Define("x", "y", (DurableCall _, string _) => Task.CompletedTask)).Message);
        Assert.StartsWith("x.y must take a DurableCall and numbers", Assert.Throws<ArgumentException>(() => host.Define("x", "y", (DurableCall _) => 5)).Message);
        Assert.StartsWith("x.y must say how long to wait", Assert.Throws<ArgumentException>(() => host.DefineDelay("x", "y", () => 5)).Message);
        Assert.StartsWith("x.y must say which event", Assert.Throws<ArgumentException>(() => host.DefineEvent<int>("x", "y", () => 5, (int x) => x)).Message);
        Assert.StartsWith("The second step of x.y must take", Assert.Throws<ArgumentException>(() => host.DefineEvent<int>("x", "y", (int _) => "e", (int x) => x)).Message);
        await Assert.ThrowsAsync<NotSupportedException>(async () => await host.StartCallAsync("a", await host.AddModuleAsync(Guest.Bytes, "guest"), "sum", [Value.FromExternRef("x")]));
    }

    private static Task<Value[]> Results(DurableHost host, string key) => host.GetResultsAsync(key).WaitAsync(Limit);
}
