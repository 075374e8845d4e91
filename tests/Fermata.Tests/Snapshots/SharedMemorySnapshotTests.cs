namespace Fermata.Tests.Snapshots;

/// <summary>Shared memories that no other store uses, and the calls that wait at them.</summary>
public sealed class SharedMemorySnapshotTests
{
    private const string Program =
        """
        (import "env" "wait" (func (param i32) (result i32)))
        (memory (export "memory") 1 3 shared)
        (global $order (mut i32) (i32.const 0))
        (func (export "woken") (result i32) (global.get $order))
        ;; Waits once more than the others, so that they come before it in the queue.
        (func (export "twice") (param i32 i64) (result i32)
          (drop (call $at (i32.const 32) (i64.const -1)))
          (call $at (local.get 0) (local.get 1)))
        ;; Waits at an address that holds 0, for so many nanoseconds; what it gives has the place among those that were woken.
        (func $at (export "at") (param $address i32) (param $timeout i64) (result i32) (local $result i32)
          (local.set $result (memory.atomic.wait32 (local.get $address) (i32.const 0) (local.get $timeout)))
          (global.set $order (i32.add (global.get $order) (i32.const 1)))
          (i32.add (i32.mul (global.get $order) (i32.const 10)) (local.get $result)))
        (func (export "second") (param i32 i64) (result i32) (call $at (local.get 0) (local.get 1)))
        (func (export "third") (param i32 i64) (result i32) (call $at (local.get 0) (local.get 1)))
        (func (export "notify") (param i32 i32) (result i32) (memory.atomic.notify (local.get 0) (local.get 1)))
        (func (export "grow") (result i32) (memory.grow (i32.const 1)))
        """;

    private const long Forever = -1;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task ThoseWhoWaitAreNotifiedInTheirOrder()
    {
        using var guest = new SnapshotGuest(Program);
        guest.Instance.GetFunction("grow").Invoke();
        guest.Instance.GetMemory("memory").Write(100_000, 17);

        // The call that came first waits behind the others.
        _ = guest.Call("twice", 64, Forever);
        _ = guest.Call("second", 64, Forever);
        _ = guest.Call("third", 64, Forever);
        Assert.Equal(1, guest.Instance.GetFunction("notify").Invoke(32, 1)[0]);
        while (guest.Instance.GetFunction("woken").Invoke()[0] != 1)
            await Task.Yield();
        using var copy = guest.Copy();
        using var again = copy.Copy();

        again.Restored!.Resume();
        Assert.Equal(17, again.Instance.GetMemory("memory").Read<int>(100_000));
        foreach (var (i, call) in ((string[])["second", "third", "twice"]).Index())
        {
            Assert.False(again.Restored.Call(call).Task.IsCompleted);
            Assert.Equal(1, again.Instance.GetFunction("notify").Invoke(64, 1)[0]);
            Assert.Equal((i + 2) * 10, (await TaskOf(again, call))[0]);
        }
    }

    [Fact]
    public async Task WhoWasNotifiedAndHasNotGoneOnYetKnowsIt()
    {
        using var guest = new SnapshotGuest(Program);
        _ = guest.Call("at", 64, Forever);
        using var copy = guest.Copy();

        // Its calls do not go on yet.
        Assert.Equal(1, copy.Instance.GetFunction("notify").Invoke(64, 5)[0]);
        using var again = copy.Copy();
        Assert.Equal(0, again.Instance.GetFunction("notify").Invoke(64, 5)[0]);
        again.Restored!.Resume();
        Assert.Equal(10, (await TaskOf(again, "at"))[0]);
    }

    [Fact]
    public async Task ARestOfATimeIsWaited()
    {
        for (var time = TimeSpan.FromMilliseconds(20); ; time *= 4)
        {
            using var guest = new SnapshotGuest(Program);
            _ = guest.Call("at", 64, (long)TimeSpan.FromHours(1).TotalNanoseconds);
            _ = guest.Call("second", 64, (long)time.TotalNanoseconds);
            using var copy = guest.Copy();

            // The time may have been over before the snapshot was made.
            if (guest.Instance.GetFunction("woken").Invoke()[0] != 0)
                continue;
            copy.Restored!.Resume();
            Assert.Equal(12, (await TaskOf(copy, "second"))[0]);
            Assert.False(copy.Restored.Call("at").Task.IsCompleted);
            copy.Instance.GetFunction("notify").Invoke(64, 1);
            Assert.Equal(20, (await TaskOf(copy, "at"))[0]);
            return;
        }
    }

    [Fact]
    public async Task ACallThatIsCancelledLeavesTheQueueOfARestoredStore()
    {
        using var guest = new SnapshotGuest(Program);
        _ = guest.Call("at", 64, Forever);
        using var cancellation = new CancellationTokenSource();
        using var store = RestoreIn(guest, cancellation.Token, out var restored);
        restored.Resume();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => restored.Call("at").Task.WaitAsync(Patience));
        Assert.Equal(0, restored.Instances[0].GetFunction("notify").Invoke(64, 1)[0]);
    }

    [Fact]
    public void AMemoryThatAnotherStoreUsesIsRefused()
    {
        using var guest = new SnapshotGuest(Program);
        using var other = new Store(guest.Engine);
        var user = Module.Parse(guest.Engine, """(import "m" "memory" (memory 1 3 shared))""");
        var linker = new Linker(guest.Engine).Define("m", "memory", guest.Instance.GetMemory("memory"));
        linker.Instantiate(other, user);
        Assert.Contains("shared memory (instance 0) that another store uses", Assert.Throws<NotSupportedException>(() => guest.Save()).Message, StringComparison.Ordinal);

        // And not any more when that store is gone.
        other.Dispose();
        Assert.NotEmpty(guest.Save());
    }

    [Fact]
    public void AMemoryThatTheHostHasMadeIsRefused()
    {
        var engine = new Engine();
        using var store = new Store(engine);
        var memory = new Memory(new MemoryType(new Limits(1, 3), IsShared: true));
        new Linker(engine).Define("m", "memory", memory).Instantiate(store, Module.Parse(engine, """(import "m" "memory" (memory 1 3 shared))"""));
        Assert.Contains("or that the host has made", Assert.Throws<NotSupportedException>(() => store.Snapshot(Stream.Null)).Message, StringComparison.Ordinal);
    }

    private static Task<Value[]> TaskOf(SnapshotGuest guest, string call) => guest.Restored!.Call(call).Task.WaitAsync(Patience);

    private static Store RestoreIn(SnapshotGuest guest, CancellationToken cancellationToken, out RestoredStore restored)
    {
        var linker = new Linker(guest.Engine).Define("env", "wait", (int argument) => Task.FromResult(argument));
        restored = Store.Restore(guest.Engine, new MemoryStream(guest.Save()), linker, new RestoreOptions { Modules = [guest.Module], CancellationToken = cancellationToken });
        return restored.Store;
    }
}
