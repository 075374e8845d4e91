using System.IO.Compression;
using Fermata.Runtime;

namespace Fermata.Tests.Snapshots;

/// <summary>Snapshots that somebody has changed, with right checksums: refused by an exception for that, or a store whose calls end as calls do.</summary>
public sealed class MutatedSnapshotTests
{
    private const int Count = 2_000;
    private const int Seed = 15;
    private const int HeaderBytes = 13;

    private const string Program =
        """
        (import "env" "wait" (func $wait (param i32) (result i32)))
        (rec (type $node (sub (struct (field (mut i32)) (field (mut (ref null $node))) (field (mut (ref null $list))))))
             (type $list (array (mut (ref null $node)))))
        (type $wide (sub $node (struct (field (mut i32)) (field (mut (ref null $node))) (field (mut (ref null $list))) (field (mut i64)) (field (mut i64)))))
        (type $bytes (array (mut i8)))
        (type $unary (func (param i32) (result i32)))
        (tag $tag (param i32 (ref null $node)))
        (memory (export "memory") 1 20)
        (table $functions 4 8 funcref)
        (table $nodes 2 8 (ref null $node))
        (global $sp (export "__stack_pointer") (mut i32) (i32.const 4096))
        (global $node (mut (ref null $node)) (ref.null $node))
        (global $vector (mut v128) (v128.const i64x2 1 1))
        (elem (table $functions) (i32.const 0) func $double $run)
        (elem $passive funcref (ref.func $double) (ref.func $wait))
        (data $data "passive")
        (func $double (type $unary) (i32.mul (local.get 0) (i32.const 2)))
        (func $wide (param $w (ref null $wide)) (param $f (ref null $unary)) (result i64)
          (i64.add (i64.extend_i32_s (call_ref $unary (call $wait (i32.const 1)) (local.get $f))) (struct.get $wide 4 (local.get $w))))
        (func $run (export "run") (param $n i32) (result i64)
          (local $w (ref null $wide)) (local $b (ref null $bytes)) (local $e exnref) (local $s i32)
          (global.set $sp (local.tee $s (i32.sub (global.get $sp) (i32.const 16))))
          (local.set $w (struct.new $wide (i32.const 1) (global.get $node) (array.new_default $list (i32.const 3)) (i64.const 5) (i64.const 6)))
          (array.set $list (struct.get $node 2 (local.get $w)) (i32.const 1) (local.get $w))
          (global.set $node (local.get $w))
          (table.set $nodes (i32.const 1) (local.get $w))
          (local.set $b (array.new_data $bytes $data (i32.const 0) (i32.const 7)))
          (block $caught (result i32 (ref null $node) exnref)
            (try_table (catch_ref $tag $caught) (throw $tag (i32.const 3) (local.get $w)))
            (unreachable))
          (local.set $e) (drop) (drop)
          (if (i32.gt_s (local.get $n) (i32.const 0)) (then (drop (call $run (i32.sub (local.get $n) (i32.const 1))))))
          (i64.add
            (call $wide (local.get $w) (ref.func $double))
            (i64.extend_i32_u (array.get_u $bytes (local.get $b) (call $wait (i32.const 2)))))
          (i32.store (local.get $s) (i32.const 1))
          (global.set $sp (i32.add (local.get $s) (i32.const 16)))
          (block $again (result i32 (ref null $node))
            (try_table (catch $tag $again) (throw_ref (local.get $e)))
            (unreachable))
          (drop)
          (i64.extend_i32_u)
          (i64.add))
        """;

    [Fact]
    public async Task MutatedSnapshotsAreRefusedOrRun()
    {
        using var guest = new SnapshotGuest(Program);
        foreach (var n in (int[])[1, 2, 0])
            _ = guest.Instance.GetFunction("run").InvokeAsync($"run {n}", [n]);
        var content = ContentOf(guest);
        var random = new Random(Seed);
        var restored = 0;
        for (var i = 0; i < Count; i++)
        {
            var mutated = Mutate(content, random);
            try
            {
                restored += await RunAsync(guest, mutated) ? 1 : 0;
            }
            catch (Exception exception) when (exception is SnapshotException or LinkException or ResourceLimitException or InsufficientMemoryException)
            {
                // Refused, as it may be.
            }
        }

        Assert.InRange(restored, Count / 20, Count);
    }

    private static async Task<bool> RunAsync(SnapshotGuest guest, byte[] content)
    {
        using var end = new CancellationTokenSource();
        var options = new RestoreOptions
        {
            Modules = [guest.Module],
            CancellationToken = end.Token,
            Store = new StoreOptions { Limiter = new StoreLimits { MaxMemoryBytes = 1 << 24, MaxTableElements = 1000, MaxObjectBytes = 1 << 24, MaxCalls = 100, MaxInstances = 10 } },
        };
        var linker = new Linker(guest.Engine).Define("env", "wait", (int x) => Task.FromResult(x));
        var restored = Store.Restore(guest.Engine, new MemoryStream(SnapshotOf(content)), linker, options);
        await using var store = restored.Store;
        restored.Resume();
        foreach (var call in restored.Calls)
        {
            if (await Task.WhenAny(call.Task, Task.Delay(100)) != call.Task)
                await end.CancelAsync();
            try
            {
                await call.Task.WaitAsync(TimeSpan.FromSeconds(60));
            }
            catch (Exception exception) when (exception is TrapException or WasmException or OperationCanceledException or ResourceLimitException)
            {
                // As calls may end.
            }
        }

        return true;
    }

    private static byte[] Mutate(byte[] content, Random random)
    {
        var mutated = (byte[])content.Clone();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            // What lies in memories, which come last, is the least interesting.
            ref var place = ref mutated[random.Next(mutated.Length)];
            place = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(place + random.Next(-2, 3)),
                _ => (byte)(place ^ (1 << random.Next(8))),
            };
        }

        return mutated;
    }

    private static byte[] ContentOf(SnapshotGuest guest)
    {
        using var stream = new MemoryStream();
        guest.Store.Snapshot(stream, new SnapshotOptions { Compression = CompressionLevel.NoCompression });
        stream.Position = HeaderBytes;
        using var blocks = new BlockStream.Reader(stream);
        using var content = new MemoryStream();
        blocks.CopyTo(content);

        // The one page of the stack is all that memory has.
        return content.ToArray();
    }

    private static byte[] SnapshotOf(byte[] content)
    {
        using var stream = new MemoryStream();
        stream.Write([.. "FermSnap"u8, 1, 0, 0, 0, 0]);
        using var blocks = new BlockStream.Writer(stream);
        blocks.Write(content);
        blocks.Complete();
        return stream.ToArray();
    }
}
