using Fermata.Runtime;

namespace Fermata;

/// <summary>Holds instances, until it is disposed, and what they own: memories, tables, globals, and the calls that are suspended in them.</summary>
/// <remarks>
/// Section 4.2.3 "Store". One call of a store runs at a time, until it ends or suspends; stores run in parallel. A store may be
/// used by any thread: <see cref="Function.InvokeAsync(ReadOnlySpan{Value}, CancellationToken)"/> waits for its turn without holding the thread, <see cref="Function.Invoke(ReadOnlySpan{Value})"/>
/// holds it.
/// </remarks>
public sealed partial class Store : IDisposable, IAsyncDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly HashSet<Memory> _sharedMemories = [];
    private Tag? _hostExceptionTag;
    private volatile bool _isDisposed;
    private readonly List<Instance> _instances = [];

    /// <summary>A store with the default options.</summary>
    /// <param name="engine">The engine whose modules it holds.</param>
    public Store(Engine engine)
        : this(engine, StoreOptions.Default)
    {
    }

    /// <summary>A store.</summary>
    /// <param name="engine">The engine whose modules it holds.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public Store(Engine engine, StoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        if (options.TimeSlice <= TimeSpan.Zero && options.TimeSlice != Timeout.InfiniteTimeSpan)
            throw new ArgumentOutOfRangeException(nameof(options), options.TimeSlice, "A time slice must be longer than zero.");
        if (options.SeparateStackBytes is < 1 << 10 or > 1 << 30)
            throw new ArgumentOutOfRangeException(nameof(options), options.SeparateStackBytes, "A separate C stack must have 1 KiB to 1 GiB.");
        Engine = engine;
        Options = options;
        Resources = new ResourceCounts(options.Limiter);
        Context = new StoreContext(this);
        Scheduler = new Scheduler(Context);
    }

    /// <summary>The engine whose modules the store holds.</summary>
    public Engine Engine { get; }

    /// <summary>The options that the store was made with.</summary>
    public StoreOptions Options { get; }

    /// <summary>
    /// The tag of exceptions that do not come from WebAssembly: a module that imports it, and catches it, gets the .NET exception as
    /// an externref.
    /// </summary>
    public Tag HostExceptionTag
    {
        get => _hostExceptionTag ??= new Tag(this, ValType.ExternRef);
        internal set => _hostExceptionTag = value;
    }

    /// <summary>
    /// How many instructions the code of the store may still execute, if its engine has <see cref="EngineOptions.UsesFuel"/>. Each instruction of
    /// the specification but <c>nop</c>, <c>block</c>, <c>loop</c>, <c>else</c> and <c>end</c> takes one, and one more
    /// for each 64 bytes that it fills or copies. Below zero, a call traps with "out of fuel" at the
    /// head of the next loop, the entry of the next function that calls others, or after some hundred instructions, so that it may overdraw a little. Zero at first. Set it while no
    /// code of the store runs, or in a host function.
    /// </summary>
    public long Fuel
    {
        get => Context.Fuel;
        set => Context.Fuel = value;
    }

    /// <summary>
    /// The promising calls that have not ended, in the order in which they started, as they are at this moment. A call that nothing can resume and
    /// nobody waits for, because nothing refers to its task nor to the one that it waits for, is left out once it has been collected.
    /// </summary>
    /// <remarks>Waits for the turn of the store while another thread runs its code.</remarks>
    /// <exception cref="ObjectDisposedException">The store is disposed.</exception>
    public IReadOnlyList<FiberInfo> Fibers
    {
        get
        {
            Scheduler.EnterTurn();
            try
            {
                ThrowIfDisposed();
                return Scheduler.Describe();
            }
            finally
            {
                Scheduler.LeaveTurn();
            }
        }
    }

    internal ResourceCounts Resources { get; }

    internal StoreContext Context { get; }

    internal Scheduler Scheduler { get; }

    /// <summary>The instances, in the order in which they came. The turn is held.</summary>
    internal IReadOnlyList<Instance> Instances => _instances;

    /// <summary>Notes an instance that comes into the store. The turn is held.</summary>
    /// <returns>How many came before.</returns>
    internal int Add(Instance instance)
    {
        _instances.Add(instance);
        return _instances.Count - 1;
    }

    internal bool IsDisposed => _isDisposed;

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    /// <summary>Keeps something alive as long as the store, and disposes it with the store.</summary>
    internal void Own(IDisposable owned)
    {
        ThrowIfDisposed();
        lock (_owned)
            _owned.Add(owned);
    }

    /// <summary>Keeps a shared memory as long as the store.</summary>
    /// <exception cref="ObjectDisposedException">The memory was freed.</exception>
    internal void Use(Memory memory)
    {
        lock (_sharedMemories)
        {
            if (_sharedMemories.Contains(memory))
                return;
            memory.AddUser();
            _sharedMemories.Add(memory);
        }
    }

    internal bool IsHostExceptionTag(Tag tag) => tag == _hostExceptionTag;
}
