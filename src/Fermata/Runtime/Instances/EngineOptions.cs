namespace Fermata;

/// <summary>What all modules and stores of an engine have in common.</summary>
public sealed record class EngineOptions
{
    /// <summary>The options of <c>new Engine()</c>.</summary>
    public static EngineOptions Default { get; } = new();

    /// <summary>
    /// The most of a thread's native stack that one call into WebAssembly may use, in bytes. Beyond it, or where the thread has less, its
    /// frames move to the heap, and the call goes on. Default: 4 MiB.
    /// </summary>
    public int MaxNativeStackBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// The most that the frames of one call may take on the heap, in bytes: they are there while the call is suspended, and where the native stack is used up.
    /// Beyond it the call traps with "call stack exhausted". A frame has 8 bytes and 8 for each value that is still needed, so that a recursion of
    /// a million functions takes some 20 MB. With 0, the end of the native stack is the limit: no frames move when it is reached, the code that moves them is not
    /// made, and those of a suspended call may take <see cref="MaxNativeStackBytes"/>. Default: 64 MiB.
    /// </summary>
    public int MaxStackBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// Whether code that runs can be stopped: by the <see cref="CancellationToken"/> of its call, by disposing its store, and to let other calls
    /// of its store run, where that is wanted (<see cref="StoreOptions.TimeSlice"/>). Costs a test at the head of each loop. Default: true.
    /// </summary>
    public bool IsInterruptible { get; init; } = true;

    /// <summary>
    /// Whether code uses up fuel (<see cref="Store.Fuel"/>), an exact measure for what it does, the same in each run. Code with loops takes up to
    /// twice as long. Default: false.
    /// </summary>
    public bool UsesFuel { get; init; }

    /// <summary>
    /// Whether <c>call_indirect</c> may call a function of another type than the one it names, as C programs do that cast function pointers, instead of
    /// trapping. Arguments and results are matched by position: surplus ones are dropped, missing ones are zero or null, and numbers
    /// of different types exchange their bits. It traps all the same if a vector or a reference meets another type. Costs nothing where types match.
    /// Default: false, as the specification has it.
    /// </summary>
    public bool AllowsFunctionPointerCasts { get; init; }

    /// <summary>
    /// Whether floating-point instructions give the same bits in each run and on every processor: a NaN that arithmetic makes is the positive canonical one, as in the specification's
    /// deterministic profile. Without it the sign and the payload of a NaN are the processor's, and may depend on how .NET has compiled the code; all else is the same in any case. Code
    /// that computes with such numbers takes up to twice as long. Default: false.
    /// </summary>
    public bool IsDeterministic { get; init; }

    /// <summary>
    /// Whether the code of a module goes when the module does. If not, it stays as long as the process, but large programs start in half the time: .NET then compiles in tiers, as it
    /// does an application's own code, quickly at first and anew, on another thread, what is called often or has long loops. For processes that load few modules; they should
    /// have <c>&lt;TieredPGO&gt;false&lt;/TieredPGO&gt;</c> in their project, as counting for profiles costs more than the tiers save. Default: true.
    /// </summary>
    public bool IsCollectible { get; init; } = true;

    /// <summary>
    /// How code finds out that it accesses a memory beyond its end. Results are the same. Default: <see cref="BoundsChecks.Automatic"/>, without comparisons where the system
    /// can do without them.
    /// </summary>
    public BoundsChecks BoundsChecks { get; init; }

    /// <summary>
    /// Where machine code of modules is looked for when they are loaded. What comes from there stays until the process ends, whatever <see cref="IsCollectible"/> says. Nothing is put there but by
    /// <see cref="Module.FillCodeCacheAsync"/>. Default: null, nowhere.
    /// </summary>
    public CodeCache? CodeCache { get; init; }

    /// <summary>
    /// The most bytes of a module in the binary format, 1 GiB at most. The memory that loading takes is in proportion to them: some 50 bytes
    /// for each that a compiler wrote, up to 400 for each of a module that was made to cost. Beyond it, loading throws a <see cref="LoadLimitException"/>. Default: 256 MiB.
    /// </summary>
    public int MaxModuleBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>
    /// The most time that loading one module may take, once its bytes are there; <see cref="Timeout.InfiniteTimeSpan"/> for any. Compilers' modules take
    /// some 0.2 s for each megabyte. Beyond it, loading throws a <see cref="LoadLimitException"/>; a <see cref="CancellationToken"/> ends a single load. Default: 1 minute.
    /// </summary>
    public TimeSpan MaxLoadTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// For tests of the engine: every function is compiled for suspension, and every call unwinds the whole stack into frames when it returns,
    /// and goes on from them at once. Slow; results are the same. Default: false.
    /// </summary>
    internal bool SuspendEverywhere { get; init; }

    /// <summary>
    /// For tests of the engine: every function is compiled in pieces of few instructions, where otherwise only very long ones are compiled in pieces. Slow; results are the same. Default: false.
    /// </summary>
    internal bool SplitEverywhere { get; init; }

    /// <summary>For tests of the engine: how long the code of a function may be that is inlined in its callers, in bytes; a third of that if there are many. 0: none is. Results are the same. Default: 120.</summary>
    internal int InlinedBytes { get; init; } = 120;

    /// <summary>Whether the stack of a call moves to the heap when the native stack is used up.</summary>
    internal bool MovesStacks => MaxStackBytes > 0;

    /// <summary>The most that the frames of a call may take on the heap. Those of a call that is suspended or interrupted are there even if no stack moves.</summary>
    internal int MaxFrameBytes => MovesStacks ? MaxStackBytes : MaxNativeStackBytes;
}
