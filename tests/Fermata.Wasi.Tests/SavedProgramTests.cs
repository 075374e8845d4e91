using System.IO.Pipelines;
using System.Text;

namespace Fermata.Wasi.Tests;

/// <summary>Programs in snapshots: they go on with what they had open.</summary>
public sealed class SavedProgramTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly FakeClock _clock = new();

    [NpmFact]
    public async Task AProgramGoesOnWithItsFilesAndItsRestOfAWait()
    {
        var program = GuestPrograms.Find("saved");
        var files = Files();
        var output = new StringWriter();
        _clock.Advance(TimeSpan.FromHours(3));
        var snapshot = await SaveAsync(program, Builder(files).WithOutput(output), hours: 10, waitsFor: "poll_oneoff");
        Assert.Equal("first\n", output.ToString());

        // Of the ten hours, six pass while it is a snapshot; elsewhere, where the monotonic clock has begun later.
        var later = new FakeClock { Set = TimeSpan.FromHours(9) };
        var second = new StringWriter();
        var restored = await program.RestoreAsync(
            new WasiBuilder().WithDirectory("/other", new MemoryFileSystem()).WithDirectory("/data", files).WithClock(later).WithOutput(second).WithInput("typed\n"), new MemoryStream(snapshot));
        await using var store = restored.Store;
        var running = program.RunAsync(restored);
        while (later.Due.Count == 0)
        {
            Assert.False(running.IsCompleted);
            await Task.Delay(1);
        }

        later.Advance(TimeSpan.FromHours(3.9));
        await WaitsForAsync(restored.Store, "poll_oneoff");
        Assert.Equal("", second.ToString());
        later.Advance(TimeSpan.FromHours(0.2));

        Assert.Equal(7, await running.WaitAsync(Patience));
        Assert.Equal("46500\nsecond\n4 names, argument, hello, position 13\ntyped\nlong enough\n", second.ToString());
        Assert.Equal("before\nafter\n", files.ReadText("out"));
    }

    [NpmFact]
    public async Task AProgramIsSavedAgainAndAgain()
    {
        var program = GuestPrograms.Find("saved", suspendsEverywhere: true);
        var files = Files();
        var input = new Pipe();
        var snapshot = await SaveAsync(program, Builder(files), hours: 1, waitsFor: "poll_oneoff");
        var output = new StringWriter();
        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromHours(0.5));
            var restored = await program.RestoreAsync(Builder(files).WithOutput(output).WithInput(input.Reader), new MemoryStream(snapshot));
            await using var store = restored.Store;
            var running = program.RunAsync(restored);
            await WaitsForAsync(restored.Store, i == 0 ? "poll_oneoff" : "fd_read");
            snapshot = await SaveAsync(restored.Store);
            await Assert.ThrowsAsync<ObjectDisposedException>(() => running);
        }

        var last = await program.RestoreAsync(Builder(files).WithOutput(output).WithInput("x\n"), new MemoryStream(snapshot));
        await using var lastStore = last.Store;
        Assert.Equal(7, await program.RunAsync(last).WaitAsync(Patience));
        Assert.Equal("46500\nsecond\n4 names, argument, hello, position 13\nx\nlong enough\n", output.ToString());
        Assert.Equal("before\nafter\n", files.ReadText("out"));
    }

    [NpmFact]
    public async Task WhatIsNotThereAnyMoreIsTold()
    {
        var program = GuestPrograms.Find("saved");
        var files = Files();
        var snapshot = await SaveAsync(program, Builder(files), hours: 1, waitsFor: "poll_oneoff");

        var problem = await Assert.ThrowsAsync<SnapshotException>(() => program.RestoreAsync(new WasiBuilder().WithDirectory("/", files), new MemoryStream(snapshot)));
        Assert.Equal("The snapshot cannot be restored: the program had '/data', which it is not given now (WithDirectory, WithSocket).", problem.Message);
        var missing = await Assert.ThrowsAsync<IOException>(() => program.RestoreAsync(new WasiBuilder().WithDirectory("/data", new MemoryFileSystem()), new MemoryStream(snapshot)));
        Assert.Equal("'/in/lines' in the directory '/data', which the program had open as 4, cannot be opened: ENOENT.", missing.Message);
        var few = await Assert.ThrowsAsync<SnapshotException>(() => program.RestoreAsync(Builder(files).WithMaxDescriptors(4), new MemoryStream(snapshot)));
        Assert.Equal("The snapshot cannot be restored: file descriptor 4 is there twice, or above the 4 that are possible (WithMaxDescriptors).", few.Message);
        var other = await Assert.ThrowsAsync<SnapshotException>(() => GuestPrograms.Find("poll").RestoreAsync(Builder(files), new MemoryStream(snapshot)));
        Assert.Contains("which is not among RestoreOptions.Modules", other.Message, StringComparison.Ordinal);
    }

    [NpmFact]
    public async Task NoStateOfWasiBreaksAnything()
    {
        var program = GuestPrograms.Find("saved");
        var files = Files();
        var snapshot = await SaveAsync(program, Builder(files), hours: 1, waitsFor: "poll_oneoff");
        var state = SnapshotInfo.Read(new MemoryStream(snapshot)).Data["wasi"].ToArray();
        var random = new Random(1);
        var opened = 0;
        for (var i = 0; i < 3000; i++)
        {
            var mutated = (byte[])state.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            if (random.Next(10) == 0)
                mutated = mutated[..random.Next(mutated.Length)];
            opened += await TryOpenAsync(mutated, files);
        }

        Assert.InRange(opened, 100, 2900);
    }

    [Fact]
    public async Task AProgramThatReadsIsAskedForWhatItWants()
    {
        // What it has read before is in its memory; what it waits for comes from the new input.
        var program = new WasiProgram(Module.Parse(new Engine(), """
            (module
              (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
              (memory (export "memory") 1)
              (data (i32.const 0) "\10\00\00\00\01\00\00\00")
              (func $read (result i32)
                (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
                (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
                (i32.sub (i32.load8_u (i32.const 16)) (i32.const 48)))
              (func (export "_start") (call $proc_exit (i32.add (i32.mul (call $read) (i32.const 10)) (call $read)))))
            """));
        var input = new Pipe();
        var output = new Pipe();
        await input.Writer.WriteAsync("4"u8.ToArray());
        await using var store = new Store(program.Module.Engine);
        var running = program.RunAsync(new WasiBuilder().WithInput(input.Reader).WithOutput(output.Writer), store);
        await output.Reader.ReadAsync();
        await WaitsForAsync(store, "fd_read");
        var snapshot = await SaveAsync(store);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => running);

        var restored = await program.RestoreAsync(new WasiBuilder().WithInput("2"), new MemoryStream(snapshot));
        await using var second = restored.Store;
        Assert.Equal(42, await program.RunAsync(restored).WaitAsync(Patience));
    }

    [Fact]
    public async Task ASnapshotWaitsForAWriteThatIsOnItsWay()
    {
        var program = new WasiProgram(Module.Parse(new Engine(), """
            (module
              (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
              (memory (export "memory") 1)
              (data (i32.const 0) "\10\00\00\00\06\00\00\00\00\00\00\00\00\00\00\00hello\n")
              (func (export "_start")
                (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
                (drop (call $fd_read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))))
            """));
        var output = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        await using var store = new Store(program.Module.Engine);
        var running = program.RunAsync(new WasiBuilder().WithOutput(output.Writer).WithInput(new Pipe().Reader), store);
        await WaitsForAsync(store, "fd_write");
        using var stream = new MemoryStream();
        var saving = store.SnapshotAsync(stream, new SnapshotOptions { EndsStore = true });
        Assert.False(saving.IsCompleted);

        var read = await output.Reader.ReadAsync();
        Assert.Equal("hello\n", Encoding.ASCII.GetString(read.Buffer));
        output.Reader.AdvanceTo(read.Buffer.End);
        await saving.WaitAsync(Patience);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => running);
        var again = new StringWriter();
        var restored = await program.RestoreAsync(new WasiBuilder().WithOutput(again), new MemoryStream(stream.ToArray()));
        await using var second = restored.Store;
        Assert.Equal(0, await program.RunAsync(restored).WaitAsync(Patience));
        Assert.Equal("", again.ToString());
    }

    private static MemoryFileSystem Files()
    {
        var files = new MemoryFileSystem();
        files.AddText("in/lines", "first\nsecond\n");
        files.AddText("in/more", "");
        return files;
    }

    private static async Task<byte[]> SaveAsync(Store store)
    {
        using var stream = new MemoryStream();
        await store.SnapshotAsync(stream, new SnapshotOptions { EndsStore = true }).WaitAsync(Patience);
        return stream.ToArray();
    }

    private static async Task WaitsForAsync(Store store, string import)
    {
        var end = DateTime.UtcNow + Patience;
        while (store.Fibers is not [{ State: FiberState.Suspended, WaitsFor: { } name }] || !name.EndsWith(import, StringComparison.Ordinal))
        {
            Assert.True(DateTime.UtcNow < end);
            await Task.Delay(2);
        }
    }

    private WasiBuilder Builder(FileSystem files) =>
        new WasiBuilder().WithDirectory("/data", files).WithClock(_clock).WithArguments("argument").WithEnvironment("GREETING", "hello");

    private static async Task<byte[]> SaveAsync(WasiProgram program, WasiBuilder builder, int hours, string waitsFor)
    {
        await using var store = new Store(program.Module.Engine, new StoreOptions { CallsSuspendingImportsSynchronously = true });
        var running = program.RunAsync(builder.WithArguments($"{hours * 3600}"), store);
        await WaitsForAsync(store, waitsFor);
        var snapshot = await SaveAsync(store);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => running);
        return snapshot;
    }

    /// <summary>Gives a program a state, and has it use all descriptors that it names.</summary>
    private static async Task<int> TryOpenAsync(byte[] state, MemoryFileSystem files)
    {
        var engine = new Engine();
        using var saved = new Store(engine);
        saved.SetData(new State(state));
        using var snapshot = new MemoryStream();
        saved.Snapshot(snapshot);
        snapshot.Position = 0;
        var restored = Store.Restore(engine, snapshot, new Linker(engine), new RestoreOptions { Modules = [] });
        using var store = restored.Store;
        try
        {
            await using var context = await new WasiBuilder().WithDirectory("/data", files).BuildAsync(restored);
            return 1;
        }
        catch (Exception exception) when (exception is SnapshotException or IOException)
        {
            return 0;
        }
    }

    private sealed class State(byte[] bytes) : ISnapshotData
    {
        public string SnapshotName => "wasi";

        public ReadOnlyMemory<byte> ToSnapshot() => bytes;
    }
}
