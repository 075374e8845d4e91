using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Numerics;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;

namespace Fermata.Durable.Tests;

/// <summary>Programs of WASI: from one host to the next as from one process to the next.</summary>
public sealed class ProgramTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task AProgramEndsWithItsExitCodeAndItsOutput(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var (host, module) = await ProgramGuest.OpenAsync(database.Database);
        await using var _ = host;
        await host.StartAsync();
        Assert.True(await host.StartProgramAsync("a", module, ProgramGuest.Order(4, 1)));
        Assert.False(await host.StartProgramAsync("a", module, ProgramGuest.Order(5, 1)));
        Assert.Equal(126, await ExitCode(host, "a"));
        Assert.Equal("43\n42\n41\n", await host.GetOutputAsync("a"));
        Assert.Equal("", await host.GetErrorAsync("a"));
        var info = await host.FindAsync("a");
        Assert.Equal((DurableCallState.Completed, "_start", 0), (info!.State, info.Export, info.Arguments.Count));
        foreach (var table in (string[])["stores", "waits", "store_pages"])
            Assert.Equal([0L], database.Query($"SELECT COUNT(*) FROM fermata_{table}"));
        Assert.True(await host.ForgetAsync("a"));
        Assert.Equal("", await host.GetOutputAsync("a"));
        Assert.Equal([0L], database.Query("SELECT COUNT(*) FROM fermata_output"));
    }

    /// <summary>The host is asked after the commit, and again with the same key by the process that goes on. What was written before is there once.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task AnotherProcessGoesOnWhereTheProgramWaited(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var first = new Guest.Questions();
        string key;
        var (host, module) = await ProgramGuest.OpenAsync(database.Database, first.AskAsync);
        await using (host)
        {
            await host.StartAsync();
            await host.StartProgramAsync("a", module, ProgramGuest.Order(1, 1));
            (await first.NextAsync()).Answer.SetResult(5);
            var question = await first.NextAsync();
            Assert.Equal((12, "a"), (question.Value, question.Call.Store));
            Assert.Equal(["/call/ask"], database.Query("SELECT function FROM fermata_waits"));
            Assert.Equal("5\n", await host.GetOutputAsync("a"));
            var wait = Assert.Single(await host.InspectAsync("a"));
            Assert.Equal(("/call/ask", "12"), (wait.Function, wait.Request));
            Assert.Equal(["read", "read_number", "ask", "steps", "steps"], wait.WasmStack.Take(5).Select(static frame => frame.FunctionName));
            key = question.Call.Key;
        }

        var second = new Guest.Questions();
        (host, _) = await ProgramGuest.OpenAsync(database.Database, second.AskAsync);
        await using (host)
        {
            await host.StartAsync();
            var again = await second.NextAsync();
            Assert.Equal((12, key), (again.Value, again.Call.Key));
            again.Answer.SetResult(6);
            var last = await second.NextAsync();
            Assert.Equal(11, last.Value);
            Assert.NotEqual(key, last.Call.Key);
            last.Answer.SetResult(7);
            Assert.Equal(18, await ExitCode(host, "a"));
            Assert.Equal("5\n6\n7\n", await host.GetOutputAsync("a"));
        }
    }

    /// <summary>What was answered is recorded before the program goes on: it is not asked again, though the process ended before the next commit.</summary>
    [Fact]
    public async Task AnAnswerIsRecordedBeforeTheProgramGoesOn()
    {
        using var database = TestDatabase.Open("SQLite");
        var questions = new Guest.Questions();
        var (host, module) = await ProgramGuest.OpenAsync(database.Database, questions.AskAsync);
        await using (host)
        {
            await host.StartAsync();
            await host.StartProgramAsync("a", module, ProgramGuest.Order(1, 1));
            await questions.NextAsync();
        }

        Assert.Equal(["a"], database.Query("UPDATE fermata_waits SET result = '40' RETURNING store"));
        (host, _) = await ProgramGuest.OpenAsync(database.Database, questions.AskAsync);
        await using (host)
        {
            await host.StartAsync();
            var question = await questions.NextAsync();
            Assert.Equal(12, question.Value);
            question.Answer.SetResult(1);
            (await questions.NextAsync()).Answer.SetResult(1);
            Assert.Equal(42, await ExitCode(host, "a"));
        }
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task ASleepLeavesTheMemoryAndTheProcess(string kind)
    {
        const string Hours = "10000000";
        using var database = TestDatabase.Open(kind);
        var (host, module) = await ProgramGuest.OpenAsync(database.Database);
        await using (host)
        {
            await host.StartAsync();
            await host.StartProgramAsync("one", module, ["sleep", Hours, "0"]);
            await host.StartProgramAsync("two", module, ["sleep", Hours, "1"]);
            await host.StartProgramAsync("file", module, ["delay", Hours]);
            await host.StartProgramAsync("short", module, ["sleep", "1"]);
            await host.StartProgramAsync("none", module, ["sleep", "0"]);
            Assert.Equal(7, await ExitCode(host, "short"));
            Assert.Equal(7, await ExitCode(host, "none"));
            while (host.RunningStores > 0 || database.Query("SELECT key FROM fermata_waits").Count < 3)
                await Task.Delay(10);
            Assert.Equal("sleep", Assert.Single(await host.InspectAsync("one")).Function);
            Assert.Equal("sleep", Assert.Single(await host.InspectAsync("two")).Function);
            Assert.Equal(("/call/pause", Hours), Assert.Single(await host.InspectAsync("file")) is var wait ? (wait.Function, wait.Request) : default);
        }

        (host, _) = await ProgramGuest.OpenAsync(database.Database, change: static options => options with { Clock = new LaterClock(TimeSpan.FromHours(3)) });
        await using (host)
        {
            await host.StartAsync();
            Assert.Equal(7, await ExitCode(host, "one"));
            Assert.Equal(7, await ExitCode(host, "two"));
            Assert.Equal("null".Length, await ExitCode(host, "file"));
        }
    }

    /// <summary>A file is opened again where reading goes on; one that is gone keeps the program where it is, until it is there again.</summary>
    [Fact]
    public async Task FilesAreWhereTheyWere()
    {
        using var database = TestDatabase.Open("SQLite");
        var sum = 0;
        for (var i = 0; i < 3; i++)
        {
            var questions = new Guest.Questions();
            var (host, module) = await ProgramGuest.OpenAsync(database.Database, questions.AskAsync);
            await using var _ = host;
            await host.StartProgramAsync("a", module, ["lines"]);
            await host.StartAsync();
            var question = await questions.NextAsync();
            if (i > 0)
            {
                // The one before is asked again, and then the next line is read.
                question.Answer.SetResult(100);
                question = await questions.NextAsync();
            }

            sum += question.Value;
        }

        Assert.Equal(66, sum);
        var files = new MemoryFileSystem();
        var (last, _) = await ProgramGuest.OpenAsync(database.Database, files: files);
        await using (last)
        {
            await last.StartAsync();
            var failure = await Assert.ThrowsAsync<DurableCallException>(() => ExitCode(last, "a"));
            Assert.Equal(DurableCallState.Running, failure.State);
            Assert.Contains("'/lines' in the directory '/data', which the program had open as 6, cannot be opened: ENOENT.", failure.Message, StringComparison.Ordinal);
            files.AddText("lines", "11\n22\n33\n");
            Assert.True(await last.RetryAsync("a"));
            Assert.Equal(233, await ExitCode(last, "a"));
            Assert.Equal("11\n22\n33\n", await last.GetOutputAsync("a"));
        }
    }

    /// <summary>While a program waits for its files it is in no snapshot, and commits wait for that.</summary>
    [Fact]
    public async Task ACommitWaitsForAProgramThatReads()
    {
        using var database = TestDatabase.Open("SQLite");
        var files = new SlowFileSystem(ProgramGuest.Files());
        var (host, module) = await ProgramGuest.OpenAsync(database.Database, files: files);
        await using var _ = host;
        await host.StartAsync();
        await host.StartProgramAsync("a", module, ["lines"]);
        await files.Reads.WaitAsync();
        await Task.Delay(100);
        Assert.Equal(DurableCallState.Running, (await host.FindAsync("a"))!.State);
        Assert.Null((await host.FindAsync("a"))!.Error);
        files.Go.SetResult();
        Assert.Equal(66, await ExitCode(host, "a"));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task EventsAreReadFromFiles(string kind)
    {
        using var database = TestDatabase.Open(kind);
        var (host, module) = await ProgramGuest.OpenAsync(database.Database);
        await using (host)
        {
            await host.StartAsync();
            await host.StartProgramAsync("a", module, ["events"]);
            while (database.Query("SELECT key FROM fermata_waits WHERE event = 'paid'").Count == 0 || host.RunningStores > 0)
                await Task.Delay(10);
            Assert.Equal(("/event/paid", "paid"), Assert.Single(await host.InspectAsync("a")) is var wait ? (wait.Function, wait.Event) : default);
        }

        // A process that runs nothing raises them, and another goes on.
        var (client, _) = await ProgramGuest.OpenAsync(database.Database);
        await using (client)
        {
            Assert.True(await client.RaiseAsync("a", "paid", 20));
            Assert.False(await client.RaiseAsync("a", "paid", 22));
            (host, _) = await ProgramGuest.OpenAsync(database.Database);
            await using (host)
            {
                await host.StartAsync();
                Assert.Equal(42, await ExitCode(host, "a"));
            }
        }
    }

    /// <summary>What a program has read of an answer, and what not, is there when it goes on elsewhere; and a descriptor serves for one question after the other.</summary>
    [Fact]
    public async Task HalfOfAnAnswerIsKept()
    {
        using var database = TestDatabase.Open("SQLite");
        var questions = new Guest.Questions();
        var (host, module) = await ProgramGuest.OpenAsync(database.Database, questions.AskAsync);
        await using (host)
        {
            await host.StartAsync();
            await host.StartProgramAsync("a", module, ["half", "1", "2"]);
            (await questions.NextAsync()).Answer.SetResult(12345);
            await questions.NextAsync();
            await host.StartProgramAsync("b", module, ["questions", "3", "4"]);
            var third = await questions.NextAsync();
            Assert.Equal(3, third.Value);
            third.Answer.SetResult(300);
            await questions.NextAsync();
        }

        (host, _) = await ProgramGuest.OpenAsync(database.Database);
        await using (host)
        {
            await host.StartAsync();
            Assert.Equal(12347, await ExitCode(host, "a"));
            Assert.Equal(304, await ExitCode(host, "b"));
        }
    }

    /// <summary>What a function has failed with is an error of the read, and then the message; it is recorded.</summary>
    [Fact]
    public async Task AProgramIsToldWhatHasFailed()
    {
        using var database = TestDatabase.Open("SQLite");
        var asked = 0;
        var (host, module) = await ProgramGuest.OpenAsync(database.Database, (_, value) =>
        {
            asked++;
            return value == 7 ? Task.FromException<int>(new InvalidOperationException("no stock")) : Task.FromResult(value);
        });
        await using var _ = host;
        await host.StartAsync();
        await host.StartProgramAsync("a", module, ["fails", "7"]);
        Assert.Equal((int)Errno.EIO, await ExitCode(host, "a"));
        Assert.Equal("InvalidOperationException: no stock", await host.GetErrorAsync("a"));
        Assert.Equal(1, asked);

        // What is no JSON is not asked.
        await host.StartProgramAsync("b", module, ["invalid"]);
        Assert.Equal((int)Errno.EINVAL, await ExitCode(host, "b"));
        Assert.Equal(1, asked);
        await host.StartProgramAsync("c", module, ["x"]);
        Assert.Equal(0, await ExitCode(host, "c"));
        Assert.Equal($"{(int)Errno.EROFS}\n{(int)Errno.ENOENT}\n{(int)Errno.EACCES}\n{(int)Errno.EACCES}\n", await host.GetOutputAsync("c"));
        await host.StartProgramAsync("d", module, ["big"]);
        Assert.Equal((int)Errno.ENOSPC, await ExitCode(host, "d"));
    }

    /// <summary>A program that trapped goes on at its last commit when it is tried again; what it wrote before it failed is kept.</summary>
    [Fact]
    public async Task AProgramThatTrappedIsTriedAgain()
    {
        using var database = TestDatabase.Open("SQLite");
        var asked = 0;
        var (host, module) = await ProgramGuest.OpenAsync(database.Database, (_, value) =>
        {
            asked++;
            return Task.FromResult(value);
        });
        await using var _ = host;
        await host.StartAsync();
        await host.StartProgramAsync("a", module, ["trap", "5"]);
        Assert.Equal(DurableCallState.Failed, (await Assert.ThrowsAsync<DurableCallException>(() => ExitCode(host, "a"))).State);
        Assert.Equal("5\n", await host.GetOutputAsync("a"));
        Assert.True(await host.RetryAsync("a"));
        Assert.Equal(DurableCallState.Failed, (await Assert.ThrowsAsync<DurableCallException>(() => ExitCode(host, "a"))).State);
        Assert.Equal("5\n5\n", await host.GetOutputAsync("a"));
        Assert.Equal(1, asked);
        Assert.True(await host.ForgetAsync("a"));
        Assert.Equal([0L], database.Query("SELECT COUNT(*) FROM fermata_output"));

        await host.StartProgramAsync("b", module, ["sleep", "100000000"]);
        while (host.RunningStores > 0 || database.Query("SELECT key FROM fermata_waits").Count == 0)
            await Task.Delay(10);
        Assert.True(await host.CancelAsync("b"));
        Assert.Equal(DurableCallState.Cancelled, (await Assert.ThrowsAsync<DurableCallException>(() => ExitCode(host, "b"))).State);
    }

    /// <summary>A program that computes for long behind the close of a file is committed on the way.</summary>
    [Fact]
    public async Task ALongComputationIsCommittedOnTheWay()
    {
        using var database = TestDatabase.Open("SQLite");
        var (host, module) = await ProgramGuest.OpenAsync(
            database.Database, change: static options => options with { Engine = new Engine(new EngineOptions { UsesFuel = true }), FuelPerCommit = 1_000_000 });
        await using var _ = host;
        await host.StartAsync();
        await host.StartProgramAsync("a", module, ["count", "1", "5000000"]);
        Assert.Equal(5_000_000, await ExitCode(host, "a"));
    }

    [Fact]
    public async Task WhatCannotBeKeptIsRefused()
    {
        using var database = TestDatabase.Open("SQLite");
        var host = await DurableHost.OpenAsync(Guest.Options(database.Database));
        await using var _ = host;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Refuses(new WasiBuilder().WithSocket(socket), "has no network and no sockets");
        Refuses(new WasiBuilder().WithNetwork(new Platform.Network.NetworkPolicy()), "has no network and no sockets");
        Refuses(new WasiBuilder().WithInput("text"), "has no standard input");
        Refuses(new WasiBuilder().WithOutput(new StringWriter()), "writes to the database");
        Refuses(new WasiBuilder().WithError(new StringWriter()), "writes to the database");
        Refuses(new WasiBuilder().WithDirectory("/call", new MemoryFileSystem()), "has /call and /event of its host");
        host.Define("twice", (DurableCall _, int value) => Task.FromResult(value));
        Assert.Equal("'twice' is defined already. (Parameter 'name')", Assert.Throws<ArgumentException>(() => host.Define("twice", (DurableCall _, int value) => Task.FromResult(value))).Message);
        Assert.StartsWith("'a/b' can be no name of a file", Assert.Throws<ArgumentException>(() => host.Define("a/b", (DurableCall _, int value) => Task.FromResult(value))).Message, StringComparison.Ordinal);

        // A module of WASI on a host without it, and one whose memory no snapshot has.
        var module = await host.AddModuleAsync(ProgramGuest.Bytes, "program");
        await Assert.ThrowsAsync<ArgumentException>(() => host.StartProgramAsync("nul", module, ["a\0b"]));
        await host.StartAsync();
        Assert.Equal("Functions are defined before the host is started.", Assert.Throws<InvalidOperationException>(() => host.DefineWasi(new WasiBuilder())).Message);
        await host.StartProgramAsync("a", module, ["order"]);
        Assert.Contains("wasi_snapshot_preview1", (await Assert.ThrowsAsync<DurableCallException>(() => ExitCode(host, "a"))).Message, StringComparison.Ordinal);
        await host.StopAsync();
        await using var other = await DurableHost.OpenAsync(Guest.Options(database.Database));
        other.DefineWasi(new WasiBuilder());
        var threads = await other.AddModuleAsync(
            Module.Parse(new Engine(), """
                (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
                (memory (import "env" "memory") 1 1 shared)
                (export "memory" (memory 0))
                (func (export "_start") (loop $again (drop (call $yield)) (br $again)))
                """).ToBytes(), "threads");
        await other.StartAsync();
        await other.StartProgramAsync("b", threads, []);
        Assert.Contains("shared", (await Assert.ThrowsAsync<DurableCallException>(() => ExitCode(other, "b"))).Message, StringComparison.Ordinal);

        void Refuses(WasiBuilder builder, string why) =>
            Assert.Contains($"A durable program {why}", Assert.Throws<ArgumentException>(() => host.DefineWasi(builder)).Message, StringComparison.Ordinal);
    }

    /// <summary>Hosts that stop at any moment: each question has one key, each line is written once, and each program ends once.</summary>
    [Theory]
    [MemberData(nameof(TestDatabase.Kinds), MemberType = typeof(TestDatabase))]
    public async Task AHostStopsAtAnyMoment(string kind)
    {
        const int Programs = 20;
        using var database = TestDatabase.Open(kind);
        var random = new Random(5);
        var asked = new ConcurrentDictionary<string, int>();
        for (var i = 0; i < 20; i++)
        {
            var (host, module) = await ProgramGuest.OpenAsync(database.Database, AskAsync, static options => options with { ShortestAbsence = TimeSpan.Zero });
            await using (host)
            {
                if (i == 0)
                    await Task.WhenAll(Enumerable.Range(0, Programs).Select(order => host.StartProgramAsync($"{order}", module, ProgramGuest.Order(order, order % 40))));
                await host.StartAsync();
                await Task.Delay(random.Next(40));
            }
        }

        var (last, _) = await ProgramGuest.OpenAsync(database.Database, AskAsync);
        await using (last)
        {
            await last.StartAsync();
            for (var order = 0; order < Programs; order++)
            {
                Assert.Equal((order * 30) + 6, await ExitCode(last, $"{order}"));
                Assert.Equal($"{(order * 10) + 3}\n{(order * 10) + 2}\n{(order * 10) + 1}\n", await last.GetOutputAsync($"{order}"));
            }
        }

        Assert.Equal(Programs * 3, asked.Count);
        Assert.Equal(Programs * 3, asked.Values.Distinct().Count());

        Task<int> AskAsync(DurableCall call, int value)
        {
            Assert.Equal(value, asked.GetOrAdd(call.Key, value));
            return Task.FromResult(value);
        }
    }

    /// <summary>Whatever the database has of a program's files is an error, or something that they could be; nothing else breaks.</summary>
    [Fact]
    public async Task NoStateInTheDatabaseBreaksAHost()
    {
        const int Programs = 60;
        using var database = TestDatabase.Open("SQLite");
        var waiting = new TaskCompletionSource<int>();
        var (host, module) = await ProgramGuest.OpenAsync(database.Database, (call, value) => value == 1 ? Task.FromResult(12345) : waiting.Task.WaitAsync(call.CancellationToken));
        await using (host)
        {
            for (var i = 0; i < Programs; i++)
                await host.StartProgramAsync($"{i}", module, ["half", "1", "2"]);
            await host.StartAsync();
            while (database.Query("SELECT key FROM fermata_waits WHERE request = '2'").Count < Programs)
                await Task.Delay(10);
        }

        var random = new Random(2);
        for (var i = 0; i < Programs; i++)
        {
            var snapshot = (byte[])database.Query($"SELECT snapshot FROM fermata_stores WHERE name = '{i}'")[0];
            Assert.Equal(snapshot, Sealed(snapshot));
            var state = SnapshotInfo.Read(new MemoryStream(snapshot)).Data["wasi"].ToArray();
            var place = snapshot.AsSpan().IndexOf(state);
            for (var changes = i == 0 ? 0 : random.Next(1, 4); changes > 0; changes--)
                snapshot[place + random.Next(state.Length)] = (byte)random.Next(256);
            if (i != 1)
                snapshot = Sealed(snapshot);
            database.Query($"UPDATE fermata_stores SET snapshot = X'{Convert.ToHexString(snapshot)}' WHERE name = '{i}'");
        }

        (host, _) = await ProgramGuest.OpenAsync(database.Database);
        await using (host)
        {
            await host.StartAsync();
            var errors = new List<string>();
            for (var i = 0; i < Programs; i++)
            {
                DurableCallInfo? info;
                while ((info = await host.FindAsync($"{i}")) is { State: DurableCallState.Running, Error: null })
                    await Task.Delay(10);
                if (info!.Error is { } error)
                    errors.Add(error);
                else if (i == 0)
                    Assert.Equal(12347, info.Results![0].AsI32());
            }

            Assert.InRange(errors.Count, 5, Programs - 1);
            Assert.All(errors, static error => Assert.True(error.StartsWith("SnapshotException: ", StringComparison.Ordinal) || error.StartsWith("IOException: ", StringComparison.Ordinal), error));
        }
    }

    /// <summary>A snapshot, the checksums of which are those of its bytes, as docs/snapshots.md has them.</summary>
    private static byte[] Sealed(byte[] snapshot)
    {
        var result = (byte[])snapshot.Clone();
        var sum = uint.MaxValue;
        for (var place = 13; BinaryPrimitives.ReadInt32LittleEndian(result.AsSpan(place)) is not 0 and var length; place += length + 8)
        {
            foreach (var value in result.AsSpan(place + 4, length))
                sum = BitOperations.Crc32C(sum, value);
            BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(place + 4 + length), ~sum);
        }

        return result;
    }

    private static async Task<int> ExitCode(DurableHost host, string key) => (await host.GetResultsAsync(key).WaitAsync(Limit))[0].AsI32();
}
