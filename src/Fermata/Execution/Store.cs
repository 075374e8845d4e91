using Fermata.Execution;
using Fermata.Suspension;

namespace Fermata;

/// <summary>Holds instances and what they own: memories, tables, globals, and the calls that are suspended in them.</summary>
/// <remarks>
/// Section 4.2.3 "Store". One call of a store runs at a time, until it ends or suspends; stores run in parallel. A store may be
/// used by any thread: <see cref="Function.InvokeAsync(ReadOnlySpan{Value}, CancellationToken)"/> waits for its turn without holding the thread, <see cref="Function.Invoke(ReadOnlySpan{Value})"/>
/// holds it.
/// </remarks>
public sealed class Store : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private Tag? _hostExceptionTag;
    private bool _isDisposed;

    /// <summary>A store with the default options.</summary>
    /// <param name="engine">The engine whose modules it holds.</param>
    public Store(Engine engine)
        : this(engine, StoreOptions.Default)
    {
    }

    /// <summary>A store.</summary>
    /// <param name="engine">The engine whose modules it holds.</param>
    /// <param name="options">The options.</param>
    public Store(Engine engine, StoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        Engine = engine;
        Options = options;
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
    public Tag HostExceptionTag => _hostExceptionTag ??= new Tag(this, ValType.ExternRef);

    internal StoreContext Context { get; }

    internal Scheduler Scheduler { get; }

    /// <summary>Frees the memories of the store. Calls that are suspended in it end with <see cref="ObjectDisposedException"/> when they would go on.</summary>
    /// <exception cref="InvalidOperationException">Called by a host function of the store itself.</exception>
    public void Dispose()
    {
        if (Scheduler.Turn.IsMine)
            throw new InvalidOperationException("A store cannot be disposed by a host function that its own WebAssembly code called.");
        Scheduler.EnterTurn();
        try
        {
            _isDisposed = true;
            foreach (var owned in _owned)
                owned.Dispose();
            _owned.Clear();
        }
        finally
        {
            Scheduler.LeaveTurn();
        }
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

    internal bool IsHostExceptionTag(Tag tag) => tag == _hostExceptionTag;
}
