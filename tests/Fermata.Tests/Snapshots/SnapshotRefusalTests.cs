namespace Fermata.Tests.Snapshots;

/// <summary>What a snapshot cannot have, and what cannot be restored.</summary>
public sealed class SnapshotRefusalTests
{
    private const string Program =
        """
        (import "env" "wait" (func $wait (param i32) (result i32)))
        (memory (export "memory") 1)
        (table (export "objects") 3 externref)
        (table (export "functions") 3 funcref)
        (func (export "run") (param i32) (result i32) (call $wait (local.get 0)))
        """;

    [Fact]
    public void AnObjectWithoutCodecIsRefusedWithItsPath()
    {
        using var guest = new SnapshotGuest(Program);
        guest.Instance.GetTable("objects").Set(2, new Uri("http://example.com"));

        Assert.Equal(
            "A snapshot cannot have element 2 of table 0: an object of System.Uri, for which there is no codec (SnapshotOptions.Codecs).",
            Assert.Throws<NotSupportedException>(() => guest.Save()).Message);
    }

    [Fact]
    public void AFunctionThatNoInstanceImportsIsRefused()
    {
        using var guest = new SnapshotGuest(Program);
        guest.Instance.GetTable("functions").Set(1, Function.Create(guest.Store, () => 1, "one"));

        Assert.Contains("element 1 of table 1: one is a function of the host", Assert.Throws<NotSupportedException>(() => guest.Save()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACallOfAHostFunctionWithoutKeyIsRefused()
    {
        var engine = new Engine();
        var module = Module.Parse(engine, """(import "env" "nest" (func $nest)) (import "env" "wait" (func $wait)) (func (export "run") (call $nest)) (func (export "inner") (call $wait))""");
        using var store = new Store(engine);
        var instance = new Linker(engine)
            .Define("env", "nest", (Caller caller) => (Task)caller.GetFunction("inner").InvokeAsync())
            .Define("env", "wait", () => new TaskCompletionSource().Task)
            .Instantiate(store, module);
        var call = instance.GetFunction("run").InvokeAsync();

        var message = Assert.Throws<NotSupportedException>(() => store.Snapshot(Stream.Null)).Message;
        GC.KeepAlive(call);
        Assert.Contains("call 2 (inner): a host function made it", message, StringComparison.Ordinal);
    }

    /// <summary>A cast that was made is no part of a snapshot; one whose function waits cannot be.</summary>
    [Fact]
    public async Task CastsAreNamedWhereTheyWait()
    {
        const string program =
            """
            (import "env" "wait" (func $wait (param i32) (result i32)))
            (table 1 funcref) (elem (i32.const 0) func $one)
            (type $void (func (param i32)))
            (func $one (param i32) (result i32) (if (result i32) (local.get 0) (then (call $wait (local.get 0))) (else (i32.const 5))))
            (func (export "run") (param i32) (result i32) (call_indirect (type $void) (local.get 0) (i32.const 0)) (i32.const 5))
            """;
        using var guest = new SnapshotGuest(program, new EngineOptions { AllowsFunctionPointerCasts = true });
        Assert.Equal(5, (await guest.Call("run", 0))[0]);
        using var copy = guest.Copy();
        Assert.Equal(5, (await copy.Call("run", 0))[0]);

        _ = copy.Call("run", 1);
        var message = Assert.Throws<NotSupportedException>(() => copy.Save()).Message;
        Assert.Contains("it is of a cast of a function pointer", message, StringComparison.Ordinal);
    }

    /// <summary>What a store has is there, whether the host still holds it or not.</summary>
    [Fact]
    public void AnInstanceThatNobodyHoldsIsSaved()
    {
        var engine = new Engine();
        var module = Module.Parse(engine, """(global (export "number") (mut i32) (i32.const 1))""");
        using var store = new Store(engine);
        Make();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var stream = new MemoryStream();
        store.Snapshot(stream);
        stream.Position = 0;
        using var copy = Store.Restore(engine, stream, new Linker(engine), new RestoreOptions { Modules = [module] }).Store;
        stream.Position = 0;
        var restored = Store.Restore(engine, stream, new Linker(engine), new RestoreOptions { Modules = [module] });
        Assert.Equal(7, Assert.Single(restored.Instances).GetGlobal("number").Get<int>());
        restored.Store.Dispose();

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        void Make() => new Linker(engine).Instantiate(store, module).GetGlobal("number").Set(7);
    }

    [Fact]
    public async Task RunningCodeIsRefusedAndAnAsyncHostFunctionIsNot()
    {
        var engine = new Engine();
        var module = Module.Parse(
            engine,
            """
            (import "env" "now" (func $now)) (import "env" "later" (func $later (result i32)))
            (func (export "now") (call $now)) (func (export "later") (result i32) (i32.add (call $later) (i32.const 1)))
            """);
        using var store = new Store(engine);
        using var stream = new MemoryStream();
        var linker = new Linker(engine)
            .Define("env", "now", (Caller caller) => caller.Store.Snapshot(Stream.Null))
            .Define("env", "later", async (Caller caller) =>
            {
                await caller.Store.SnapshotAsync(stream);
                return 1;
            });
        var instance = linker.Instantiate(store, module);

        Assert.Contains("await SnapshotAsync", Assert.Throws<InvalidOperationException>(() => instance.GetFunction("now").Invoke()).Message, StringComparison.Ordinal);
        Assert.Equal(2, (await instance.GetFunction("later").InvokeAsync("later", []).WaitAsync(TimeSpan.FromMinutes(5)))[0]);

        stream.Position = 0;
        var restored = Store.Restore(engine, stream, linker, new RestoreOptions { Modules = [module] });
        using var copy = restored.Store;
        restored.Pending[0].Complete(41);
        restored.Resume();
        Assert.Equal(42, (await restored.Call("later").Task.WaitAsync(TimeSpan.FromMinutes(5)))[0]);
    }

    [Fact]
    public void AnotherModuleOrOtherOptionsAreNamed()
    {
        using var guest = new SnapshotGuest(Program);
        var snapshot = guest.Save();
        var engine = new Engine(new EngineOptions { UsesFuel = true });
        var same = Module.Parse(engine, Program);
        var hash = Convert.ToHexStringLower(same.Hash);

        Assert.Equal(
            $"The snapshot needs the module with the SHA-256 {hash}, which is not among RestoreOptions.Modules.",
            Assert.Throws<SnapshotException>(() => Restore(engine, snapshot)).Message);
        Assert.Equal(
            $"The snapshot was made by another version of Fermata, or by an engine with other options: its frames of the module with the SHA-256 {hash} are not those of this engine.",
            Assert.Throws<SnapshotException>(() => Restore(engine, snapshot, same)).Message);
        var own = new Engine();
        Assert.Throws<LinkException>(() => Restore(own, snapshot, Module.Parse(own, Program)));
    }

    [Fact]
    public void ADamagedSnapshotIsRefused()
    {
        using var guest = new SnapshotGuest(Program);
        var snapshot = guest.Save();
        byte[] Changed(int place) => [.. snapshot[..place], (byte)(snapshot[place] ^ 1), .. snapshot[(place + 1)..]];

        Assert.Equal("This is no snapshot of a store.", Refusal(Changed(0)));
        Assert.Contains("has format 3; this version of Fermata reads format 2", Refusal(Changed(8)), StringComparison.Ordinal);
        Assert.Contains("a checksum is wrong", Refusal(Changed(40)), StringComparison.Ordinal);
        for (var length = 0; length < snapshot.Length; length++)
            Assert.Contains("The snapshot is damaged: ", Refusal(snapshot[..length]), StringComparison.Ordinal);
        string Refusal(byte[] bytes) => Assert.Throws<SnapshotException>(() => guest.Load(bytes)).Message;
    }

    [Fact]
    public void OnlyTheSnapshotIsReadOfAStream()
    {
        using var guest = new SnapshotGuest(Program);
        using var stream = new MemoryStream();
        guest.Store.Snapshot(stream);
        guest.Store.Snapshot(stream, new SnapshotOptions { Compression = System.IO.Compression.CompressionLevel.NoCompression });
        stream.Write("rest"u8);
        stream.Position = 0;
        for (var i = 0; i < 2; i++)
        {
            using var store = Store.Restore(guest.Engine, stream, new Linker(guest.Engine).Define("env", "wait", (int x) => x), new RestoreOptions { Modules = [guest.Module] }).Store;
        }

        Assert.Equal(4, stream.Length - stream.Position);
    }

    private static void Restore(Engine engine, byte[] snapshot, params Module[] modules) =>
        Store.Restore(engine, new MemoryStream(snapshot), new Linker(engine), new RestoreOptions { Modules = modules }).Store.Dispose();
}
