namespace Fermata.Bench;

/// <summary>All benchmarks, in the order of the table.</summary>
internal static class Catalogue
{
    private static readonly (ShadowStackPolicy Policy, string Name)[] StackPolicies =
    [
        (ShadowStackPolicy.None, "none"),
        (ShadowStackPolicy.CopyOnConflict, "conflict"),
        (ShadowStackPolicy.Copy, "copy"),
        (ShadowStackPolicy.Separate, "separate"),
    ];

    public static IReadOnlyList<BenchmarkEntry> All { get; } =
    [
        new("fib", "ms", "fib(36), in a module that cannot suspend", () => Computation.Fib(EngineOptions.Default)),
        new("fib-bare", "ms", "the same without deep stacks and interruption", () => Computation.Fib(Computation.Bare)) { Script = "fib" },
        new("fib-indirect", "ms", "fib(36) through call_indirect", () => Computation.FibIndirect(EngineOptions.Default)),
        new("fib-indirect-casts", "ms", "the same where function pointers may be cast", () => Computation.FibIndirect(Computation.Casting))
        {
            Script = "fib-indirect",
        },
        new("sieve", "ms", "300 times the primes below 65,536, found in short loops", () => Computation.Sieve(EngineOptions.Default)),
        new("sieve-bare", "ms", "the same without deep stacks and interruption", () => Computation.Sieve(Computation.Bare)) { Script = "sieve" },
        new("fib-suspendable", "ms", "fib(36), where each call may suspend and none does", () => new FibSuspendable()),
        new("throw-catch", "ns", "one exception, thrown in a function and caught in its caller", () => Throwing.InFermata("pass", 100_000, 0))
        {
            CreateInWasmtime = () => Throwing.InWasmtime("pass", 100_000, 0),
        },
        new("throw-deep", "ns", "one activation of 1,000 that an exception leaves", () => Throwing.InFermata("pass", 1_000, 1_000))
        {
            CreateInWasmtime = () => Throwing.InWasmtime("pass", 1_000, 1_000),
        },
        new("cleanup-deep", "ns", "the same where each catches it and throws it again", () => Throwing.InFermata("cleanup", 1_000, 1_000))
        {
            CreateInWasmtime = () => Throwing.InWasmtime("cleanup", 1_000, 1_000),
        },
        new("suspend-loop", "ns", "one suspension and resumption, of a million in a loop", () => new SuspendLoop(new ReusedTaskImport())),
        new("suspend-loop-task", "ns", "the same with a new task for each", () => new SuspendLoop(new NewTaskImport())),
        new("promising-call", "ns", "one call that suspends once, 30 activations deep", () => new PromisingCalls()),
        new("park-memory", "bytes", "one suspended call, 30 activations deep", () => new ParkMemory()) { IsOneShot = true },
        new("wasi-sleep", "ms", "1,000 WASI programs that wait 100 ms each, at once", () => new WasiSleep())
        {
            IsInV8 = false,
            CreateInWasmtime = () => new WasmtimeSleep(),
        },
        .. StackPolicies.Select(item => new BenchmarkEntry(
            $"stack-nested-{item.Name}", "ns", $"one suspension of C code, the newest call first, {item.Policy}",
            () => new StackSchedule(item.Policy, isNested: true)) { IsInV8 = false }),
        .. StackPolicies.Select(item => new BenchmarkEntry(
            $"stack-robin-{item.Name}", "ns", $"one suspension of C code, the calls in turns, {item.Policy}",
            () => new StackSchedule(item.Policy, isNested: false)) { IsInV8 = false }),
    ];

    /// <exception cref="BenchException">There is none with this name.</exception>
    public static BenchmarkEntry Find(string name) =>
        All.FirstOrDefault(entry => entry.Name == name)
        ?? throw new BenchException($"there is no benchmark {name}; there are {string.Join(", ", All.Select(entry => entry.Name))}.");
}
