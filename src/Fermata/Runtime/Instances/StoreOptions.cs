namespace Fermata;

/// <summary>How a store runs its calls.</summary>
public sealed record class StoreOptions
{
    /// <summary>The options of <c>new Store(engine)</c>.</summary>
    public static StoreOptions Default { get; } = new();

    /// <summary>How suspended calls share the C stack. Default: <see cref="ShadowStackPolicy.CopyOnConflict"/>.</summary>
    public ShadowStackPolicy ShadowStack { get; init; }

    /// <summary>
    /// Says which global points to the C stack, where that is not found without help; asked for each module that is instantiated. It returns a name
    /// (<see cref="Fermata.StackPointer.Named"/>), an index (<see cref="Fermata.StackPointer.Global"/>), that there is none (<see cref="Fermata.StackPointer.None"/>), or null
    /// where it has nothing to say. Default: null. Instantiating a module that has no such global fails with <see cref="InvalidOperationException"/>.
    /// </summary>
    /// <example><c>StackPointer = module => module == plugin ? "my_stack_pointer" : null</c></example>
    public Func<Module, StackPointer?>? StackPointer { get; init; }

    /// <summary>
    /// How large a C stack each promising call gets under <see cref="ShadowStackPolicy.Separate"/>, in bytes: from 1 KiB to 1 GiB. Default: 64 KiB.
    /// </summary>
    public int SeparateStackBytes { get; init; } = 64 * 1024;

    /// <summary>
    /// What the C stacks of <see cref="ShadowStackPolicy.Separate"/> are allocated with. Default: null, for <c>memalign</c>, <c>aligned_alloc</c>,
    /// <c>emscripten_builtin_memalign</c> or <c>malloc</c>, whichever the module exports, with its <c>free</c>.
    /// </summary>
    public StackAllocator? StackAllocator { get; init; }

    /// <summary>What programs keep in memory for the call that runs, beside the C stack. Default: null, for nothing.</summary>
    public CallState? CallState { get; init; }

    /// <summary>
    /// Says more of an exception that no code of the store caught, for <see cref="WasmException.Message"/>: of what kind it is, and what it tells. It is called on the turn of the
    /// store when nothing else runs there, and may call exported functions, which cannot wait, with the token that cancels the call which failed. It returns null where it has nothing to
    /// say; what it throws is nothing to say, too. Default: null.
    /// </summary>
    public Func<WasmException, CancellationToken, string?>? DescribeException { get; init; }

    /// <summary>
    /// Whether a suspending import suspends even if its task is already complete, as JSPI does. Default: false, as C#'s await.
    /// </summary>
    public bool AlwaysSuspend { get; init; }

    /// <summary>
    /// Whether a suspending import is called also where its call cannot be suspended: under a call that is not promising, or with a host function in between. It
    /// then works as long as its task is complete when it returns; if not, a <see cref="SuspendException"/> is raised at that point, and the task goes on by itself.
    /// Default: false, as JSPI has it, where the exception is raised before the import is called.
    /// </summary>
    public bool CallsSuspendingImportsSynchronously { get; init; }

    /// <summary>
    /// Where promising calls run, and so the host functions that they call: each start and each continuation is posted there, in the order in which they became
    /// ready, unless it is made there. For hosts whose functions belong to one thread, as those of a user interface do. A call that is not promising runs on
    /// the thread that makes it. Default: null, so that a call starts where it is made and goes on where its wait ends.
    /// </summary>
    public SynchronizationContext? SynchronizationContext { get; init; }

    /// <summary>
    /// How long a promising call may run while other calls of the store wait for their turn; then it waits behind them, wherever it is. Takes an engine
    /// whose code is interruptible (<see cref="EngineOptions.IsInterruptible"/>). Default: <see cref="Timeout.InfiniteTimeSpan"/>, so that a call runs until
    /// it is suspended or ends.
    /// </summary>
    /// <remarks>
    /// C code takes for granted that nobody else runs in the middle of its functions: an allocator that is interrupted by another call of its instance may
    /// give out the same memory twice. So this is for stores whose calls share no state, or share it with atomic instructions: several instances, a
    /// call each, for example.
    /// </remarks>
    public TimeSpan TimeSlice { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// What decides how much memory, and how many tables, instances and calls the store may have. Default: null, no limits but the engine's own, of which one
    /// is for each store: 1,000 memories.
    /// </summary>
    public ResourceLimiter? Limiter { get; init; }

    /// <summary>
    /// Fuel that the store shares with others which have the same tank, as those of one program's threads: what code takes when the store's own (<see cref="Store.Fuel"/>) is used up,
    /// in any call, before <see cref="FuelSource"/> is asked. Default: null.
    /// </summary>
    public FuelTank? FuelTank { get; init; }

    /// <summary>
    /// What is asked for more fuel when a promising call has used it up (<see cref="Store.Fuel"/>); the call is suspended meanwhile. The result is
    /// added; if there still is none, or the task fails, the call ends. Default: null, so that a call without fuel traps. Calls that are not
    /// promising trap in any case. While it is suspended other calls of the store may run, although it is in the middle of a function; what
    /// <see cref="TimeSlice"/> says of shared state holds here, too.
    /// </summary>
    public Func<ValueTask<long>>? FuelSource { get; init; }
}
