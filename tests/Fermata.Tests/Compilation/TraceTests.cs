namespace Fermata.Tests.Compilation;

/// <summary>The trace of a trap has every function that was active, whatever the JIT would like to do without.</summary>
public class TraceTests
{
    private const string Functions = """
        (memory 1) (data $data "x")
        (table $table 1 funcref) (elem $elements func)
        (func $leaf_load (result i32) (i32.load (i32.const -1)))
        (func $leaf_store (i32.store (i32.const -1) (i32.const 0)))
        (func $leaf_atomic (result i32) (i32.atomic.load (i32.const 1)))
        (func $leaf_lane (result v128) (v128.load8_lane 0 (i32.const -1) (v128.const i64x2 0 0)))
        (func $leaf_fill (memory.fill (i32.const -1) (i32.const 0) (i32.const 2)))
        (func $leaf_init (memory.init $data (i32.const 0) (i32.const 0) (i32.const 2)))
        (func $leaf_set (table.set $table (i32.const 1) (ref.null func)))
        (func $leaf_elements (table.init $table $elements (i32.const 0) (i32.const 0) (i32.const 1)))
        (func $leaf_divide (result i32) (i32.div_u (i32.const 1) (i32.const 0)))
        (func $leaf_truncate (result i32) (i32.trunc_f64_s (f64.const nan)))
        (func $leaf_null (result i32) (i31.get_s (ref.null i31)))
        (func $leaf_unreachable unreachable)
        """;

    public static TheoryData<string> Leaves =>
        [.. Functions.Split('\n').Where(line => line.StartsWith("(func", StringComparison.Ordinal)).Select(line => line.Split('$', ' ')[2])];

    [Theory]
    [MemberData(nameof(Leaves))]
    public void It_has_a_small_function_and_its_small_caller(string leaf)
    {
        Assert.Equal([leaf, "middle", "outer"], TraceOf(leaf, new EngineOptions()));
    }

    /// <summary>Calls are not tested for suspension there, so that callers are small too.</summary>
    [Theory]
    [MemberData(nameof(Leaves))]
    public void It_has_them_in_an_engine_without_deep_stacks_and_interruption(string leaf)
    {
        Assert.Equal([leaf, "middle", "outer"], TraceOf(leaf, new EngineOptions { MaxStackBytes = 0, IsInterruptible = false }));
    }

    [Theory]
    [MemberData(nameof(Leaves))]
    public void It_has_each_of_them_once_where_they_are_compiled_in_pieces(string leaf)
    {
        Assert.Equal([leaf, "middle", "outer"], TraceOf(leaf, new EngineOptions { SplitEverywhere = true }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_has_a_resumed_function_whose_last_instruction_traps(bool splitsEverywhere)
    {
        using var store = new Store(new Engine(new EngineOptions { SplitEverywhere = splitsEverywhere }));
        var gate = new TaskCompletionSource();
        var linker = new Linker(store.Engine).Define("host", "wait", () => gate.Task);
        var outer = linker.Instantiate(store, Fermata.Module.Parse(store.Engine, """
            (module (import "host" "wait" (func $wait)) (memory 1)
              (func $leaf (memory.fill (i32.const -1) (i32.const 0) (i32.const 2)))
              (func $middle (call $wait) (call $leaf))
              (func $outer (export "outer") (call $middle) (call $leaf)))
            """)).GetFunction<Func<Task>>("outer");

        var task = outer();
        Assert.False(task.IsCompleted);
        gate.SetResult();

        Assert.Equal(["leaf", "middle", "outer"], Names(Assert.Throws<MemoryTrapException>(() => task.GetAwaiter().GetResult())));
    }

    [Theory]
    [InlineData("typed")]
    [InlineData("untyped")]
    public void It_has_the_functions_before_and_behind_a_host_function_in_their_order(string host)
    {
        using var store = new Store(new Engine());
        static void CallBack(Caller caller) => caller.GetFunction("inner").Invoke();
        var linker = new Linker(store.Engine)
            .Define("host", "typed", CallBack)
            .Define("host", "untyped", new FuncType([], []), (caller, _, _) => CallBack(caller));
        var outer = linker.Instantiate(store, Fermata.Module.Parse(store.Engine, $"""
            (module (import "host" "{host}" (func $host))
              (func $leaf unreachable)
              (func (export "inner") (call $leaf))
              (func $middle (call $host))
              (func $outer (export "outer") (call $middle)))
            """)).GetFunction<Action>("outer");

        Assert.Equal(["leaf", "inner", "middle", "outer"], Names(Assert.Throws<TrapException>(outer)));
    }

    private static IEnumerable<string?> TraceOf(string leaf, EngineOptions options)
    {
        using var store = new Store(new Engine(options));
        var result = Functions.Contains($"${leaf} (result", StringComparison.Ordinal) ? $"(drop (call ${leaf}))" : $"(call ${leaf})";
        var outer = new Linker(store.Engine).Instantiate(store, Fermata.Module.Parse(store.Engine, $"""
            (module {Functions}
              (func $middle {result})
              (func $outer (export "outer") (call $middle)))
            """)).GetFunction<Action>("outer");

        return Names(Assert.ThrowsAny<TrapException>(outer));
    }

    private static IEnumerable<string?> Names(TrapException trap) => trap.WasmStack.Select(frame => frame.FunctionName);
}
