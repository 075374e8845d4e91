using System.Diagnostics;
using System.Reflection;
using System.Text;
using Fermata.Tests.Hosting;

namespace Fermata.Tests.Compilation;

/// <summary>Sites that keep like values share the code that saves and restores them, and each gets its own values back.</summary>
public sealed class SharedFrameTests
{
    private const int Locals = 20;
    private const int Calls = 200;

    /// <summary>
    /// The values of locals of several types that are live at different sites: at call <c>i</c> those from <c>i</c> on, so each frame differs from the one before by
    /// one value.
    /// </summary>
    private const string Staircase = """
        (import "env" "wait" (func $wait (param i32) (result i32)))
        (func (export "f") (param $n i32) (param $r externref) (param $s externref) (result i64 f32 f64 i32 externref externref)
          (local $i i32) (local $a i64) (local $b f32) (local $c f64) (local $v v128) (local $w v128) (local $k i32)
          (local.set $a (i64.const -5)) (local.set $b (f32.const -0.5)) (local.set $c (f64.const 1e300))
          (local.set $v (v128.const i32x4 1 2 3 4)) (local.set $w (v128.const i32x4 5 6 7 8))
          (loop $outer
            (local.set $a (i64.add (local.get $a) (i64.extend_i32_u (call $wait (local.get $n)))))
            (local.set $k (i32.const 3))
            (loop $inner
              (local.set $v (i32x4.add (local.get $v) (local.get $w)))
              (local.set $b (f32.add (local.get $b) (f32.convert_i32_s (local.get $k))))
              (if (i32.and (local.get $k) (i32.const 1))
                (then (local.set $i (i32.add (local.get $i) (call $wait (local.get $k)))))
                (else (local.set $c (f64.add (local.get $c) (f64.convert_i32_s (call $wait (i32.const 1)))))))
              (br_if $inner (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
            (br_if $outer (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (loop $last (br_if $last (i32.lt_s (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100))))
          (local.set $k (i32.const 2))
          (loop $tail
            (local.set $a (i64.add (local.get $a) (i64.extend_i32_s (i32x4.extract_lane 3 (local.get $v)))))
            (br_if $tail (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
          (local.get $a) (local.get $b) (local.get $c) (local.get $i) (local.get $s) (local.get $r))
        """;

    [Fact]
    public async Task EachSiteGetsItsOwnValuesBackFromCalls()
    {
        using var guest = new Guest();
        var expected = Run(guest.Linker.Define("env", "wait", (int value) => value), guest);

        using var suspending = new Guest();
        var linker = suspending.Linker.Define("env", "wait", async (int value) =>
        {
            await Task.Yield();
            return value;
        });
        Assert.Equal(expected, await FunctionOf(linker, suspending).InvokeAsync(Arguments));
    }

    [Fact]
    public async Task EachSiteGetsItsOwnValuesBackFromLoops()
    {
        using var guest = new Guest();
        var expected = Run(guest.Linker.Define("env", "wait", (int value) => value), guest);

        // No more than a round of a loop takes, so that the function is left at each head.
        var stops = 0;
        var options = new StoreOptions
        {
            FuelSource = () =>
            {
                stops++;
                return new ValueTask<long>(50);
            },
        };
        using var interrupted = new Guest(options, EngineOptions.Default with { UsesFuel = true });
        interrupted.Store.Fuel = 1;
        var function = FunctionOf(interrupted.Linker.Define("env", "wait", (int value) => value), interrupted);
        Assert.Equal(expected, await function.InvokeAsync(Arguments));
        Assert.InRange(stops, 10, int.MaxValue);
    }

    [Fact]
    public async Task CodeForAValueStandsOnceForAllSites()
    {
        var code = new StringBuilder($"(func (export \"f\") (result i64) (local{string.Concat(Enumerable.Repeat(" i64", Locals))})");
        for (var i = 0; i < Locals; i++)
            code.Append($" (local.set {i} (i64.const {i}))");
        for (var i = 0; i < Calls; i++)
            code.Append(" (call $wait)");
        code.Append(" (i64.const 0)");
        for (var i = 0; i < Locals; i++)
            code.Append($" (i64.add (local.get {i}))");
        using var guest = new Guest();
        var forms = new HashSet<MethodBase>();
        var waits = new Queue<TaskCompletionSource>();
        SynchronizationContext.SetSynchronizationContext(null);
        guest.Linker.Define("env", "wait", () =>
        {
            forms.UnionWith(RunningForms());
            waits.Enqueue(new TaskCompletionSource());
            return waits.Peek().Task;
        });
        var instance = guest.Instantiate($"(import \"env\" \"wait\" (func $wait)) {code})");

        var sum = instance.GetFunction<Func<Task<long>>>("f")();
        while (waits.TryDequeue(out var wait))
            wait.SetResult();
        Assert.Equal(Locals * (Locals - 1) / 2, await sum);

        // The run form stores a value once where it is suspended, and once where it is interrupted.
        Assert.InRange(Count(FormOf(forms, "Function"), "stind.i8"), Locals, 2 * Locals);
        Assert.Equal(Locals, Count(FormOf(forms, "Resume"), "ldind.i8"));
    }

    private static Value[] Arguments { get; } =
        [Value.FromI32(4), Value.FromRef("first", ValType.ExternRef), Value.FromRef("second", ValType.ExternRef)];

    private static Value[] Run(Linker linker, Guest guest) => FunctionOf(linker, guest).Invoke(Arguments);

    private static Function FunctionOf(Linker linker, Guest guest) => linker.Instantiate(guest.Store, Module.Parse(guest.Engine, Staircase)).GetFunction("f");

    private static int Count(MethodBase method, string instruction) =>
        IntermediateCode.Describe(method).Split('\n').Count(line => line.StartsWith(instruction, StringComparison.Ordinal));

    private static MethodBase FormOf(IEnumerable<MethodBase> forms, string prefix) =>
        Assert.Single(forms, form => form.DeclaringType!.Name.StartsWith(prefix, StringComparison.Ordinal));

    private static IEnumerable<MethodBase> RunningForms() =>
        from frame in new StackTrace().GetFrames()
        let method = frame.GetMethod()
        where method is { Name: "f1", DeclaringType.Assembly.IsDynamic: true }
        select method;
}
