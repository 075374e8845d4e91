namespace Fermata.Runtime;

/// <summary>An entry into the code of a store: what runs is another fiber, or none, and what ran before is restored when it is disposed.</summary>
internal readonly ref struct EntryScope
{
    [ThreadStatic]
    private static int _nestedCalls;

    private readonly StoreContext _context;
    private readonly Fiber? _fiber;
    private readonly HostFunction? _barrier;
    private readonly HostFunction? _host;
    private readonly NativeStackRange _stack;
    private readonly bool _isStarting;

    /// <param name="context">The context. The turn is held.</param>
    /// <param name="fiber">What runs; null for a call that is not promising.</param>
    /// <param name="barrier">The host function that stands in the way of a suspension; null if there is none.</param>
    /// <param name="isStarting">Whether what runs is a start function that may not suspend.</param>
    public EntryScope(StoreContext context, Fiber? fiber, HostFunction? barrier, bool isStarting = false)
    {
        _context = context;
        _fiber = context.CurrentFiber;
        _barrier = context.Barrier;
        _host = context.CurrentHost;
        _stack = context.Stack;
        _isStarting = context.IsStarting;
        context.CurrentFiber = fiber;
        context.Barrier = barrier;
        context.CurrentHost = null;
        context.IsStarting = isStarting;
        if (IsNested)
            Depth = ++_nestedCalls;
    }

    /// <summary>Whether WebAssembly frames of the store stand below on this thread's stack.</summary>
    public bool IsNested => _host is not null;

    /// <summary>In how many calls of this thread host functions called back that have not returned; 0 if it is not nested itself.</summary>
    public int Depth { get; }

    public void Dispose()
    {
        _context.IsStarting = _isStarting;
        if (_fiber is null && _barrier is null && _host is null)
        {
            // As almost always; the collector need not be told of nulls.
            _context.CurrentFiber = null;
            _context.Barrier = null;
            _context.CurrentHost = null;
            return;
        }

        if (IsNested)
            _nestedCalls = Depth - 1;
        _context.Stack = _stack;
        _context.CurrentFiber = _fiber;
        _context.Barrier = _barrier;
        _context.CurrentHost = _host;
    }
}
