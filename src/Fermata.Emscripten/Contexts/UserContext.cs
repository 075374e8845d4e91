namespace Fermata.Emscripten.Contexts;

/// <summary>A context of <c>ucontext.h</c>: a call of the store, which waits in <c>swapcontext</c> whenever another context runs.</summary>
internal sealed class UserContext
{
    private readonly CancellationTokenSource? _ending;
    private TaskCompletionSource? _waiting;

    private UserContext(CancellationTokenSource? ending) => _ending = ending;

    /// <summary>The context that goes on when the function of this one has returned; 0 for the end of the program.</summary>
    public int Link { get; private init; }

    /// <summary>Whether <c>makecontext</c> made it, and it is known by where that was.</summary>
    public bool IsMade => _ending is not null;

    /// <summary>Whether it waits to go on.</summary>
    public bool IsWaiting => _waiting is not null;

    /// <summary>Whether its place has been taken by another one, so that it never goes on.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Cancelled when it is to end.</summary>
    public CancellationToken Ending => _ending?.Token ?? CancellationToken.None;

    /// <summary>A context that is not known by where <c>makecontext</c> made it: that of a call of the host, or of one that goes on elsewhere.</summary>
    public static UserContext OfCall() => new(null);

    /// <summary>A context that <c>makecontext</c> makes.</summary>
    public static UserContext Make(int link) => new(new CancellationTokenSource()) { Link = link };

    /// <summary>Waits until it is to go on.</summary>
    public Task WaitAsync() => (_waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Goes on.</summary>
    public void GoOn()
    {
        _waiting?.TrySetResult();
        _waiting = null;
    }

    /// <summary>Goes on with an exception.</summary>
    public void Fail(Exception exception)
    {
        _waiting?.TrySetException(exception);
        _waiting = null;
    }

    /// <summary>Ends it, whatever it does.</summary>
    public void End() => _ending?.Cancel();

    /// <summary>Ends it, as nothing can refer to it any more.</summary>
    public void Abandon()
    {
        IsAbandoned = true;
        End();
    }
}
