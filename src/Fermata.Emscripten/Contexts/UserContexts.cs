using Fermata.Emscripten.Glue;
using Fermata.Platform;

namespace Fermata.Emscripten.Contexts;

/// <summary>
/// The contexts of a program (<c>makecontext</c>, <c>swapcontext</c>), by the addresses of their <c>ucontext_t</c>. Each is a call of the store, a fiber of the engine, so that
/// what runs in it waits as all else, and holds no thread.
/// </summary>
/// <remarks>
/// In C the contexts are those of one thread. So what ends one of them, such as a trap or <c>exit</c>, ends the calls of the host that wait for one; and when such a call is
/// cancelled, the context that runs ends, too.
/// </remarks>
internal sealed class UserContexts
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, UserContext> _contexts = [];

    /// <summary>Those of calls of the host that wait for another one.</summary>
    private readonly HashSet<UserContext> _ofHost = [];

    /// <summary>What cancels the calls of contexts that <c>makecontext</c> made.</summary>
    private readonly HashSet<CancellationToken> _endings = [];
    private Function? _entry;

    public bool Any
    {
        get
        {
            lock (_lock)
                return _contexts.Count > 0;
        }
    }

    /// <summary>Makes a context, which calls a function when it is first switched to.</summary>
    /// <param name="caller">Whoever calls.</param>
    /// <param name="address">Its address.</param>
    /// <param name="stack">The upper end of its C stack.</param>
    /// <param name="link">The address of the context that goes on when the function has returned; 0 for none.</param>
    /// <param name="function">A pointer to the function.</param>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="ResourceLimitException">The store may have no further call.</exception>
    public void Make(Caller caller, int address, int stack, int link, int function, ReadOnlySpan<int> arguments)
    {
        var program = EmscriptenContext.Of(caller);
        if (program.Functions is not { Table: var table })
            return;
        _entry ??= ContextEntry.Create(caller.Store, table);
        var context = UserContext.Make(link);
        var values = new Value[3 + ContextEntry.MostArguments];
        (values[0], values[1], values[2]) = (Value.FromExternRef(context.WaitAsync()), function, arguments.Length);
        for (var i = 0; i < ContextEntry.MostArguments; i++)
            values[3 + i] = i < arguments.Length ? arguments[i] : 0;

        // The engine takes the stack pointer with which a call begins for the end of its stack.
        var restore = program.Exports.Find(ProgramSymbols.All["stackRestore"].Exports);
        var current = program.Exports.Find(ProgramSymbols.All["stackSave"].Exports)?.Invoke()[0];
        if (current is not null)
            restore?.Invoke(stack);
        var running = _entry.InvokeAsync(values, context.Ending);
        if (current is { } pointer)
            restore?.Invoke(pointer);
        if (running.IsCompleted)
            running.GetAwaiter().GetResult();
        UserContext? former;
        lock (_lock)
        {
            _endings.Add(context.Ending);
            former = Put(address, context);
        }

        former?.Abandon();
        _ = FollowAsync(program, address, context, running);
    }

    /// <summary>Lets another context go on, and waits until this one does.</summary>
    /// <param name="from">The address under which this one is known from now on.</param>
    /// <param name="to">The address of the other one.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    /// <returns><see cref="Errno.EINVAL"/> if there is no such context that waits.</returns>
    public ValueTask<Errno> SwapAsync(int from, int to, CancellationToken cancellationToken) => from == to ? new(Errno.None) : SwitchAsync(from, to, cancellationToken);

    /// <summary>Lets another context go on. This one does not, and ends with the program.</summary>
    /// <returns><see cref="Errno.EINVAL"/> if there is no such context that waits.</returns>
    public ValueTask<Errno> SetAsync(int to, CancellationToken cancellationToken) => SwitchAsync(null, to, cancellationToken);

    private async ValueTask<Errno> SwitchAsync(int? from, int to, CancellationToken cancellationToken)
    {
        UserContext? former = null;
        UserContext context;
        Task wait;
        lock (_lock)
        {
            if (Find(to) is not { } other)
                return Errno.EINVAL;
            var own = from is { } known && _contexts.GetValueOrDefault(known) is { IsMade: true } found && found.Ending == cancellationToken ? found : null;
            context = own ?? UserContext.OfCall();
            if (own is null && from is { } address)
                former = Put(address, context);
            if (!_endings.Contains(cancellationToken))
                _ofHost.Add(context);
            wait = context.WaitAsync();
            other.GoOn();
        }

        former?.Abandon();
        try
        {
            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
            return Errno.None;
        }
        finally
        {
            Return(context, from, cancellationToken);
        }
    }

    /// <summary>A call goes on that has waited, or ends.</summary>
    private void Return(UserContext context, int? address, CancellationToken cancellationToken)
    {
        UserContext[] running = [];
        lock (_lock)
        {
            if (!context.IsMade && address is { } known)
                Remove(known, context);
            if (_ofHost.Remove(context) && cancellationToken.IsCancellationRequested)
                running = [.. _contexts.Values.Where(other => !other.IsWaiting)];
        }

        foreach (var other in running)
            other.End();
    }

    /// <summary>What happens when a context has ended.</summary>
    private async Task FollowAsync(EmscriptenContext program, int address, UserContext context, Task running)
    {
        Exception? end = null;
        try
        {
            await running.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            end = e;
        }

        lock (_lock)
        {
            Remove(address, context);
            _endings.Remove(context.Ending);
            if (context.IsAbandoned)
                return;
            if (end is null && Find(context.Link) is { } next)
            {
                next.GoOn();
                return;
            }

            // As a thread ends with the function of a context that has no successor, and the program with its only thread.
            program.IsExiting |= end is null;
            end ??= new WasmExitException(0);
            foreach (var call in _ofHost)
                call.Fail(end);
        }
    }

    /// <summary>A context that waits.</summary>
    private UserContext? Find(int address) => _contexts.GetValueOrDefault(address) is { IsWaiting: true } found ? found : null;

    private UserContext? Put(int address, UserContext context)
    {
        _contexts.Remove(address, out var former);
        _contexts[address] = context;
        return former;
    }

    private void Remove(int address, UserContext context)
    {
        if (_contexts.GetValueOrDefault(address) == context)
            _contexts.Remove(address);
    }
}
