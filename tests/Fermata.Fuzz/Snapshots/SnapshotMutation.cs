using System.IO.Compression;
using Fermata.Runtime;

namespace Fermata.Fuzz.Snapshots;

/// <summary>Snapshots that somebody has changed, with right checksums: refused by an exception for that, or a store whose calls end as calls do.</summary>
internal sealed class SnapshotMutation
{
    private const int HeaderBytes = 13;
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(5);

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

    private readonly Module _module;
    private readonly byte[] _content;
    private readonly Linker _linker;
    private int _restored;
    private int _refused;

    public SnapshotMutation()
    {
        var engine = new Engine();
        _module = Module.Parse(engine, Program);
        _linker = new Linker(engine).Define("env", "wait", (int x) => Task.FromResult(x));
        using var store = new Store(engine);
        var run = new Linker(engine).Define("env", "wait", (int _) => new TaskCompletionSource<int>().Task).Instantiate(store, _module).GetFunction("run");
        foreach (var n in (int[])[1, 2, 0])
            _ = run.InvokeAsync($"run {n}", [n]);
        _content = ContentOf(store);
    }

    /// <summary>How many gave a store, whose calls went on.</summary>
    public int Restored => _restored;

    /// <summary>How many were refused.</summary>
    public int Refused => _refused;

    /// <summary>Restores one that was mutated, and has its calls go on.</summary>
    /// <param name="seed">What decides how it was.</param>
    /// <exception cref="Exception">Whatever should not happen.</exception>
    public async Task RunAsync(ulong seed)
    {
        try
        {
            await RestoreAsync(Mutate(_content, new RandomSource(seed))).ConfigureAwait(false);
            Interlocked.Increment(ref _restored);
        }
        catch (Exception exception) when (exception is SnapshotException or LinkException or ResourceLimitException or InsufficientMemoryException)
        {
            Interlocked.Increment(ref _refused);
        }
    }

    private async Task RestoreAsync(byte[] content)
    {
        using var end = new CancellationTokenSource();
        var options = new RestoreOptions
        {
            Modules = [_module],
            CancellationToken = end.Token,
            Store = new StoreOptions { Limiter = new StoreLimits { MaxMemoryBytes = 1 << 24, MaxTableElements = 1000, MaxObjectBytes = 1 << 24, MaxCalls = 100, MaxInstances = 10 } },
        };
        var restored = Store.Restore(_module.Engine, new MemoryStream(SnapshotOf(content)), _linker, options);
        await using var store = restored.Store.ConfigureAwait(false);

        // Code may run without end now: it runs on this thread, until somebody else ends it.
        end.CancelAfter(100);
        restored.Resume();
        foreach (var call in restored.Calls)
        {
            try
            {
                await call.Task.WaitAsync(MostTime).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is TrapException or WasmException or OperationCanceledException or ResourceLimitException)
            {
                // As calls may end.
            }
        }
    }

    private static byte[] Mutate(byte[] content, RandomSource random)
    {
        var mutated = (byte[])content.Clone();
        for (var changes = 1 + random.Below(3); changes > 0; changes--)
        {
            ref var place = ref mutated[random.Below(mutated.Length)];
            place = random.Below(3) switch
            {
                0 => (byte)random.Below(256),
                1 => (byte)(place + random.Below(5) - 2),
                _ => (byte)(place ^ (1 << random.Below(8))),
            };
        }

        return mutated;
    }

    private static byte[] ContentOf(Store store)
    {
        using var stream = new MemoryStream();
        store.Snapshot(stream, new SnapshotOptions { Compression = CompressionLevel.NoCompression });
        stream.Position = HeaderBytes;
        using var blocks = new BlockStream.Reader(stream);
        using var content = new MemoryStream();
        blocks.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] SnapshotOf(byte[] content)
    {
        using var stream = new MemoryStream();
        stream.Write([.. SnapshotFormat.Magic, (byte)SnapshotFormat.Version, 0, 0, 0, (byte)SnapshotPacking.None]);
        using var blocks = new BlockStream.Writer(stream);
        blocks.Write(content);
        blocks.Complete();
        return stream.ToArray();
    }
}
