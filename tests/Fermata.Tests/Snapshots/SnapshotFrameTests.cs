namespace Fermata.Tests.Snapshots;

/// <summary>What lies in frames: references of all kinds, handlers, calls through instances and tables, C stacks.</summary>
public sealed class SnapshotFrameTests
{
    /// <summary>In the frames that wait there are a structure in a cycle, an array, a function, a caught exception, an integer as a reference and null.</summary>
    private const string References =
        """
        (import "env" "wait" (func $wait (param i32) (result i32)))
        (rec (type $node (struct (field (mut i32)) (field (mut (ref null $node))) (field (mut (ref null $list)))))
             (type $list (array (mut (ref null $node)))))
        (type $unary (func (param i32) (result i32)))
        (tag $tag (param i32 (ref null $node)))
        (elem declare func $double)
        (func $double (type $unary) (i32.mul (local.get 0) (i32.const 2)))
        (func $throw (param $n (ref $node)) (throw $tag (call $wait (i32.const 1)) (local.get $n)))
        (func (export "run") (param $x externref) (result i32 externref)
          (local $n (ref null $node)) (local $f (ref null $unary)) (local $e exnref) (local $i (ref null i31)) (local $nothing (ref null $list)) (local $carried (ref null $node))
          (local.set $n (struct.new $node (i32.const 100) (ref.null $node) (ref.null $list)))
          (struct.set $node 1 (local.get $n) (local.get $n))
          (struct.set $node 2 (local.get $n) (array.new_fixed $list 2 (local.get $n) (ref.null $node)))
          (local.set $f (ref.func $double))
          (local.set $i (ref.i31 (i32.const 7)))
          (block $caught (result i32 (ref null $node) exnref)
            (try_table (catch_ref $tag $caught) (call $throw (ref.as_non_null (local.get $n))))
            (unreachable))
          (local.set $e)
          (local.set $carried)
          (drop)
          ;; An expression that is half evaluated: its operands are on the stack while the second call waits.
          (i32.add
            (i32.add (struct.get $node 0 (array.get $list (struct.get $node 2 (struct.get $node 1 (local.get $n))) (i32.const 0)))
                     (call_ref $unary (call $wait (i32.const 2)) (local.get $f)))
            (i32.add (i31.get_s (local.get $i))
                     (i32.add (ref.is_null (local.get $nothing)) (ref.eq (local.get $carried) (local.get $n)))))
          (block $again (result i32 (ref null $node))
            (try_table (catch $tag $again) (throw_ref (local.get $e)))
            (unreachable))
          (drop)
          (i32.add)
          (local.get $x))
        """;

    /// <summary>As C compilers make it: what a function has on its stack lies in memory, below a global.</summary>
    private const string CStack =
        """
        (import "env" "wait" (func $wait (param i32) (result i32)))
        (memory (export "memory") 10)
        (global $__stack_pointer (export "__stack_pointer") (mut i32) (i32.const 65536))
        (global $heap (mut i32) (i32.const 66000))
        (func (export "malloc") (param $n i32) (result i32) (global.get $heap) (global.set $heap (i32.add (global.get $heap) (local.get $n))))
        (func (export "free") (param i32))
        (func $run (export "run") (param $n i32) (result i32) (local $sp i32) (local $inner i32)
          (if (i32.eqz (local.get $n)) (then (return (call $wait (i32.const 0)))))
          (global.set $__stack_pointer (local.tee $sp (i32.sub (global.get $__stack_pointer) (i32.const 32))))
          (i32.store offset=16 (local.get $sp) (i32.mul (local.get $n) (i32.const 1000)))
          (local.set $inner (call $run (i32.sub (local.get $n) (i32.const 1))))
          (local.set $inner (i32.add (local.get $inner) (i32.load offset=16 (local.get $sp))))
          (global.set $__stack_pointer (i32.add (local.get $sp) (i32.const 32)))
          (local.get $inner))
        """;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task ReferencesInFramesComeAlong(bool suspendsEverywhere, bool splitsEverywhere)
    {
        var codec = ReferenceCodec.For<Uri>("uri", uri => System.Text.Encoding.UTF8.GetBytes(uri.ToString()), data => new Uri(System.Text.Encoding.UTF8.GetString(data)));
        var guest = new SnapshotGuest(References, new EngineOptions { SuspendEverywhere = suspendsEverywhere, SplitEverywhere = splitsEverywhere }, codecs: [codec]);
        _ = guest.Instance.GetFunction("run").InvokeAsync("run", [Value.FromExternRef(new Uri("http://example.com/"))]);
        for (var wait = 1; wait <= 2; wait++)
        {
            Assert.Equal(wait, (await guest.NextWaitAsync()).Argument);
            var copy = guest.Copy();
            guest.Dispose();
            guest = copy;
            guest.Restored!.Resume();
            await guest.AnswerAsync(wait * 10);
        }

        var results = await guest.Restored!.Call("run").Task.WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(new Uri("http://example.com/"), results[1].As<Uri>());
        Assert.Equal(100 + 40 + 7 + 1 + 1 + 10, results[0]);
        guest.Dispose();
    }

    [Theory]
    [InlineData(ShadowStackPolicy.CopyOnConflict)]
    [InlineData(ShadowStackPolicy.Copy)]
    [InlineData(ShadowStackPolicy.Separate)]
    public async Task PartsOfCStacksComeAlong(ShadowStackPolicy policy)
    {
        using var guest = new SnapshotGuest(CStack, storeOptions: new StoreOptions { ShadowStack = policy });
        foreach (var n in (int[])[3, 5, 2])
            _ = guest.Instance.GetFunction("run").InvokeAsync($"run {n}", [n]);
        using var first = guest.Copy();
        using var copy = first.Copy();
        copy.Restored!.Resume();
        for (var i = 0; i < 3; i++)
            await copy.AnswerAsync(1);

        foreach (var n in (int[])[3, 5, 2])
            Assert.Equal((1000 * n * (n + 1) / 2) + 1, (await copy.Restored.Call($"run {n}").Task.WaitAsync(TimeSpan.FromMinutes(5)))[0]);
        Assert.Equal(65536, copy.Instance.GetGlobal("__stack_pointer").Get<int>());
    }

    [Fact]
    public async Task FramesOfSeveralInstancesComeAlong()
    {
        const string first =
            """
            (import "env" "wait" (func $wait (param i32) (result i32)))
            (import "env" "memory" (memory 1))
            (table (export "table") 2 funcref)
            (global (export "count") (mut i32) (i32.const 0))
            (func (export "low") (param i32) (result i32)
              (i32.add (call $wait (local.get 0)) (i32.load (i32.const 8))))
            """;
        const string second =
            """
            (import "first" "low" (func $low (param i32) (result i32)))
            (import "first" "table" (table 2 funcref))
            (import "first" "count" (global $count (mut i32)))
            (type $unary (func (param i32) (result i32)))
            (elem (i32.const 1) func $low)
            (func (export "high") (param i32) (result i32)
              (global.set $count (i32.add (global.get $count) (i32.const 1)))
              (i32.add (local.get 0) (call_indirect (type $unary) (i32.const 5) (i32.const 1))))
            """;
        var snapshot = new MemoryStream();
        using (var engine = new StoreOfTwo(first, second))
        {
            engine.Memory.Write(8, 4000);
            _ = engine.High.InvokeAsync("high", [300]);
            await engine.Store.SnapshotAsync(snapshot);
        }

        var other = new Engine();
        var modules = new[] { Module.Parse(other, second), Module.Parse(other, first) };
        snapshot.Position = 0;
        var restored = Store.Restore(other, snapshot, new Linker(other).Define("env", "wait", (int x) => Task.FromResult(x * 10)), new RestoreOptions { Modules = modules });
        using var store = restored.Store;
        Assert.Equal(2, restored.Instances.Count);
        restored.Resume();

        Assert.Equal(300 + 50 + 4000, (await restored.Call("high").Task.WaitAsync(TimeSpan.FromMinutes(5)))[0]);
        await restored.Instances[1].GetFunction("high").InvokeAsync(1).WaitAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(2, restored.Instances[0].GetGlobal("count").Get<int>());
    }

    private sealed class StoreOfTwo : IDisposable
    {
        public StoreOfTwo(string first, string second)
        {
            var engine = new Engine();
            Store = new Store(engine);
            Memory = new Memory(Store, new MemoryType(new Limits(1, 5)));
            var linker = new Linker(engine).Define("env", "wait", (int _) => new TaskCompletionSource<int>().Task).Define("env", "memory", Memory);
            linker.DefineInstance("first", linker.Instantiate(Store, Module.Parse(engine, first)));
            High = linker.Instantiate(Store, Module.Parse(engine, second)).GetFunction("high");
        }

        public Store Store { get; }

        public Memory Memory { get; }

        public Function High { get; }

        public void Dispose() => Store.Dispose();
    }
}
