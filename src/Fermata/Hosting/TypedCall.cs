using Fermata.Execution;
using Fermata.Suspension;

namespace Fermata;

/// <summary>What a delegate that calls WebAssembly is bound to; the methods are called by its generated code.</summary>
internal sealed class TypedCall
{
    internal readonly Function Function;
    private readonly Delegate? _reader;
    private readonly StoreContext _context;
    private readonly Scheduler _scheduler;
    private readonly int _referenceCount;

    public TypedCall(Function function, Delegate? reader)
    {
        Function = function;
        _reader = reader ?? NoResult.Reader;
        _context = function.Store.Context;
        _scheduler = function.Store.Scheduler;
        _referenceCount = function.ReferenceSlotCount;
    }

    /// <summary>Begins a synchronous call: takes the turn. The arguments then go into the context's slots.</summary>
    public StoreContext Enter()
    {
        _scheduler.EnterTurn();
        if (Function.Store.IsDisposed)
        {
            _scheduler.LeaveTurn();
            Function.Store.ThrowIfDisposed();
        }

        return _context;
    }

    /// <summary>Runs the function; the results are in the context's slots afterwards.</summary>
    public void Run() => _scheduler.Invoke(Function);

    /// <summary>Ends a synchronous call.</summary>
    public void Leave()
    {
        _context.ReferenceSlots.AsSpan(0, _referenceCount).Clear();
        _scheduler.LeaveTurn();
    }

    /// <summary>Begins a promising call.</summary>
    public ArgumentSlots Prepare() => ArgumentSlots.For(Function);

    /// <summary>Starts a promising call.</summary>
    public Task<T> Start<T>(ArgumentSlots slots, CancellationToken cancellationToken) =>
        PromisingCall<T>.Start(Function, (ResultReader<T>)_reader!, in slots, cancellationToken);

    /// <summary>The task of a call whose arguments are wrong.</summary>
    public static Task<T> Fail<T>(Exception exception) => Task.FromException<T>(exception);
}
