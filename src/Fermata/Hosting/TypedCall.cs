using System.Runtime.CompilerServices;
using Fermata.Runtime;

namespace Fermata.Hosting;

/// <summary>What a delegate that calls WebAssembly is bound to; the methods are called by its generated code.</summary>
/// <remarks>
/// The methods are not inlined: generated code is compiled once, at its first call, while they become better with the runtime's tiers.
/// </remarks>
internal sealed class TypedCall
{
    internal readonly Function Function;
    private readonly Delegate? _reader;
    private readonly StoreContext _context;
    private readonly Scheduler _scheduler;

    public TypedCall(Function function, Delegate? reader)
    {
        Function = function;
        _reader = reader ?? NoResult.Reader;
        _context = function.Store.Context;
        _scheduler = function.Store.Scheduler;
    }

    /// <summary>Begins a synchronous call: takes the turn. The arguments then go into the context's slots.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
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
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Run(CancellationToken cancellationToken) => _scheduler.Invoke(Function, cancellationToken);

    /// <summary>Ends a synchronous call.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Leave()
    {
        _context.ClearReferenceSlots();
        _scheduler.LeaveTurn();
    }

    /// <summary>Begins a promising call.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public SlotValues Prepare() => SlotValues.ForArguments(Function);

    /// <summary>Starts a promising call.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Task<T> Start<T>(SlotValues arguments, CancellationToken cancellationToken) =>
        PromisingCall<T>.Start(Function, (ResultReader<T>)_reader!, arguments, cancellationToken);

    /// <summary>The task of a call whose arguments are wrong.</summary>
    public static Task<T> Fail<T>(Exception exception) => Task.FromException<T>(exception);
}
