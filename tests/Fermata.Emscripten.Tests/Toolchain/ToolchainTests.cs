namespace Fermata.Emscripten.Tests.Toolchain;

/// <summary>What a compiler makes of programs that wait where JavaScript is on the stack elsewhere.</summary>
public sealed class ToolchainTests
{
    private static readonly string[] Modes = ["JavaScript", "WebAssembly", "legacy"];

    /// <summary>An exported function, what it returns when it is called with 100 (hundreds are those of what it is called with), and the numbers for which it waits.</summary>
    private static readonly (string Function, int Result, int[] Waits)[] Exceptions =
    [
        ("destructor", 104, [1, 102, 103, 104]),
        ("handler", 202, [101, 102, 109]),
        ("rethrow", 104, [1, 102, 103, 104]),
        ("nested", 205, [1, 1, 102, 103]),
        ("own", 102, [1, 101, 102]),
        ("counted", 101, [1, 101, 102]),
    ];

    private static readonly (string Function, int Result, int[] Waits)[] Jumps =
    [
        ("jump", 105, [103, 102, 101, 100, 105]),
        ("again", 3, [101, 100, 102, 101, 100, 102, 101, 100]),
    ];

    public static TheoryData<string, bool, string, int, int[]> ExceptionCases() => CasesOf("exceptions", Exceptions);

    public static TheoryData<string, bool, string, int, int[]> JumpCases() => CasesOf("jumps", Jumps);

    [NpmTheory]
    [MemberData(nameof(ExceptionCases))]
    [MemberData(nameof(JumpCases))]
    public async Task WaitsBetweenThrowAndCatch(string program, bool suspendsEverywhere, string function, int result, int[] expected)
    {
        var waits = new Waits();
        await using var instance = await StartAsync(program, suspendsEverywhere, waits);

        Assert.Equal(result, await waits.FinishAsync(Call(instance, function, 100)));

        Assert.Equal(expected, waits.Numbers);
    }

    /// <summary>Each goes one step, then the other: the one that was there first also ends first.</summary>
    [NpmTheory]
    [MemberData(nameof(ExceptionCases))]
    [MemberData(nameof(JumpCases))]
    public async Task CallsTakeTurnsBetweenThrowAndCatch(string program, bool suspendsEverywhere, string function, int result, int[] expected)
    {
        var waits = new Waits();
        await using var instance = await StartAsync(program, suspendsEverywhere, waits);
        var (first, second) = (Call(instance, function, 100), Call(instance, function, 200));

        Assert.Equal(result, await waits.FinishAsync(first));
        Assert.Equal(result + (result / 100 * 100), await waits.FinishAsync(second));

        Assert.Equal(expected.Where(number => number >= 100), waits.Numbers.Where(number => number is >= 100 and < 200));
        Assert.Equal(expected.Where(number => number >= 100), waits.Numbers.Where(number => number >= 200).Select(number => number - 100));
    }

    [NpmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WaitsInConstructorsMainAndAtItsEnd(bool suspendsEverywhere)
    {
        var waits = new Waits();

        var running = ClangProgram.Load("callbacks", suspendsEverywhere).RunAsync(waits.Define(new EmscriptenHost()));

        Assert.Equal(12, await waits.FinishAsync(running));
        Assert.Equal([1, 2, 3], waits.Numbers);
    }

    [NpmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WaitsInTheComparatorOfASort(bool suspendsEverywhere)
    {
        var waits = new Waits();
        await using var instance = await waits.FinishAsync(StartAsync("callbacks", suspendsEverywhere, waits));

        var (first, second) = (Call(instance, "sorted", 100), Call(instance, "sorted", 200));

        Assert.Equal((1, 1), (await waits.FinishAsync(first), await waits.FinishAsync(second)));
        Assert.Equal([103, 103, 101], waits.Numbers.Where(number => number is > 100 and < 200));
    }

    [NpmTheory]
    [InlineData(false, "call_late", 1199, new[] { 101, 105 })]
    [InlineData(true, "call_late", 1199, new[] { 101, 105 })]
    [InlineData(false, "call_pointer", 199, new[] { 101, 105 })]
    [InlineData(true, "call_pointer", 199, new[] { 101, 105 })]
    [InlineData(false, "catch_late", 104, new[] { 101, 102, 103, 104 })]
    [InlineData(true, "catch_late", 104, new[] { 101, 102, 103, 104 })]
    public async Task WaitsInALibraryThatIsLoadedLater(bool suspendsEverywhere, string function, int result, int[] expected)
    {
        var waits = new Waits();
        var files = new MemoryFileSystem();
        files.AddFile("/lib/side.so", ClangProgram.Read("side"));
        var host = waits.Define(new EmscriptenHost()).WithDirectory("/", files).WithUnknownImportsAsTraps();
        await using var instance = await ClangProgram.Load("main", suspendsEverywhere).StartAsync(host);

        Assert.Equal(1, await waits.FinishAsync(Call(instance, "open", WriteSharedObject(instance, "/lib/side.so"))));
        Assert.Equal(result, await waits.FinishAsync(Call(instance, function, 100)));

        Assert.Equal(expected.Prepend(90), waits.Numbers);
    }

    private static TheoryData<string, bool, string, int, int[]> CasesOf(string program, (string Function, int Result, int[] Waits)[] functions)
    {
        var cases = new TheoryData<string, bool, string, int, int[]>();
        foreach (var mode in Modes)
        {
            foreach (var (function, result, waits) in functions)
            {
                cases.Add($"{program} {mode}", false, function, result, waits);
                cases.Add($"{program} {mode}", true, function, result, waits);
            }
        }

        return cases;
    }

    private static Task<EmscriptenInstance> StartAsync(string program, bool suspendsEverywhere, Waits waits) =>
        ClangProgram.Load(program, suspendsEverywhere).StartAsync(waits.Define(new EmscriptenHost()));

    private static Task<int> Call(EmscriptenInstance instance, string function, int argument) => instance.GetFunction<Func<int, Task<int>>>(function)(argument);

    /// <summary>What <c>dlopen</c> gives its host: a <c>struct dso</c> with flags and a name.</summary>
    private static int WriteSharedObject(EmscriptenInstance instance, string path)
    {
        const int size = 128, flags = 4, name = 36, global = 0x100;
        var handle = instance.GetFunction("malloc").Invoke(size)[0].AsI32();
        instance.Memory.GetSpan(handle, size).Clear();
        instance.Memory.Write(handle + flags, global);
        instance.Memory.WriteUtf8(handle + name, path, zeroTerminated: true);
        return handle;
    }
}
