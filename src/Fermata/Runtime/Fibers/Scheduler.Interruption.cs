namespace Fermata.Runtime;

/// <summary>How the code that runs is made to stop: for good, or for others of its store.</summary>
internal sealed partial class Scheduler
{
    /// <summary>What the calls that run now, the innermost last, can be cancelled with.</summary>
    private readonly Stack<CancellationToken> _tokens = [];

    private Timer? _timer;
    private int _isTimerSet;
    private volatile bool _isSliceOver;

    /// <summary>What the innermost call that can be cancelled can be cancelled with.</summary>
    public CancellationToken InnermostToken => _tokens.TryPeek(out var token) ? token : CancellationToken.None;

    /// <summary>Has the code that runs look whether it is to stop. For any thread.</summary>
    public void Interrupt() => context.Interrupt();

    /// <summary>Looks why code was stopped at its own request, and what is wanted of it. If that is to wait, it is the context's suspension afterwards.</summary>
    /// <exception cref="OperationCanceledException">One of the calls that run was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The store is being disposed.</exception>
    /// <exception cref="TrapException">There is no more fuel.</exception>
    private void Look()
    {
        if (context.TakeInterruption())
            LookForRequests();
        if (context.Suspension is null && context.Store.Engine.Options.UsesFuel && context.Fuel < 0)
            Refuel();
    }

    private void LookForRequests()
    {
        ThrowIfEnding();
        if (_pausesNext && context.CurrentFiber is not null)
        {
            _pausesNext = false;
            context.Suspension = Pause.Instance;
            return;
        }

        if (!_isSliceOver)
            return;
        _isSliceOver = false;
        if (context.CurrentFiber is not null && !_ready.IsEmpty)
            context.Suspension = NextTurn.Instance;
    }

    /// <summary>Ends the call if anything is to end it.</summary>
    /// <exception cref="OperationCanceledException">One of the calls that run was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The store is being disposed.</exception>
    public void ThrowIfEnding()
    {
        if (FindEnd() is { } end)
            throw end;
    }

    /// <summary>
    /// What is to end the call; null if nothing is. As long as there is anything it is looked at again: a host function may take the exception for its own affair.
    /// </summary>
    public Exception? FindEnd()
    {
        if (!context.Store.IsDisposed && !_tokens.Any(token => token.IsCancellationRequested))
            return null;
        context.KeepInterrupted();
        return FindCancellation() ?? (Exception)new StoreEndedException();
    }

    /// <exception cref="OperationCanceledException">One of the calls that run was cancelled; the outermost such, since that ends those inside it.</exception>
    public void ThrowIfCancelled()
    {
        if (FindCancellation() is { } end)
            throw end;
    }

    private CallEndedException? FindCancellation()
    {
        foreach (var token in _tokens.Reverse())
        {
            if (token.IsCancellationRequested)
                return new CallEndedException(token);
        }

        return null;
    }

    /// <summary>
    /// What a call that failed ends with for those around it. What has stopped only this call is to them an exception as any other, which WebAssembly
    /// code can catch.
    /// </summary>
    /// <param name="failure">What the call failed with.</param>
    /// <param name="isNested">Whether code of the store goes on when the call has ended.</param>
    /// <param name="isOutermost">Whether no call around it can be cancelled with the same.</param>
    /// <param name="token">What the call can be cancelled with.</param>
    private static Exception ForCaller(Exception failure, bool isNested, bool isOutermost, CancellationToken token) => failure switch
    {
        CallEndedException ended when ended.CancellationToken == token && isOutermost => new OperationCanceledException(token),
        StoreEndedException when !isNested => new ObjectDisposedException(typeof(Store).FullName),
        _ => failure,
    };

    /// <summary>Something that is cancelled with any of the calls that run.</summary>
    public CancellationTokenSource LinkTokens() =>
        _tokens.Count == 0 ? new CancellationTokenSource() : CancellationTokenSource.CreateLinkedTokenSource([.. _tokens]);

    /// <summary>Notes what the call that starts can be cancelled with, until the result is disposed.</summary>
    private NotedToken Note(CancellationToken token, CancellationTokenRegistration registration = default)
    {
        if (!token.CanBeCanceled)
            return default;
        var isOutermost = !_tokens.Contains(token);
        _tokens.Push(token);
        return new NotedToken(_tokens, registration, isOutermost);
    }

    /// <summary>As <see cref="Note"/>, and has the code look when the token is cancelled.</summary>
    private NotedToken Watch(CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        return Note(token, token.UnsafeRegister(static scheduler => ((Scheduler)scheduler!).Interrupt(), this));
    }

    /// <summary>Adds to what waits for the turn, and sees to it that what has it now gives it up in time.</summary>
    private void AddReady(object item, bool isUrgent = false)
    {
        _ready.Enqueue(item, isUrgent);
        LimitSlice();
    }

    private void LimitSlice()
    {
        var slice = context.Store.Options.TimeSlice;
        if (!context.Store.Engine.Options.IsInterruptible || slice == Timeout.InfiniteTimeSpan || Interlocked.Exchange(ref _isTimerSet, 1) != 0)
            return;
        _timer ??= new Timer(static scheduler => ((Scheduler)scheduler!).EndSlice(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(slice, Timeout.InfiniteTimeSpan);
    }

    private void EndSlice()
    {
        // A full fence: who queued something and found the timer set is seen here.
        Interlocked.Exchange(ref _isTimerSet, 0);
        if (_ready.IsEmpty)
            return;
        InterruptForOthers();
        LimitSlice();
    }

    /// <summary>Has the call that runs wait behind those that are ready, wherever it is.</summary>
    public void InterruptForOthers()
    {
        _isSliceOver = true;
        Interrupt();
    }

    private readonly struct NotedToken(Stack<CancellationToken>? tokens, CancellationTokenRegistration registration, bool isOutermost) : IDisposable
    {
        /// <summary>Whether it was not noted already, for a call around.</summary>
        public bool IsOutermost => isOutermost;

        public void Dispose()
        {
            if (tokens is null)
                return;
            tokens.Pop();
            registration.Unregister();
        }
    }
}
