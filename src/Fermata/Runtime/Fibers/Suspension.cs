namespace Fermata.Runtime;

/// <summary>Why a stack unwinds, and what for: what a call waits for that is suspended, or that its stack goes on at once from the heap.</summary>
/// <remarks>
/// Whoever has a stack unwound puts one into <see cref="StoreContext.Suspension"/>, which generated code tests; the scheduler takes it from there, and the
/// fiber keeps it while it waits. It is data of a known kind: what to wait for can be told, and asked for again.
/// </remarks>
internal abstract class Suspension
{
    /// <summary>What is waited for, for people.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the wait is over, so that its results can be taken.</summary>
    public abstract bool IsCompleted { get; }

    /// <summary>Whether a failure of what is waited for ends the call, whatever its code would catch.</summary>
    public virtual bool IsFatal => false;

    /// <summary>Whether the call goes on by itself in a store that is restored: nothing is asked again.</summary>
    public virtual bool GoesOnByItself => false;

    /// <summary>Has the continuation called once, when the wait is over.</summary>
    public abstract void OnCompleted(Action continuation);

    /// <summary>Puts the results into the context's slots. Called on the store's turn.</summary>
    /// <param name="context">The context, whose current fiber goes on.</param>
    /// <param name="frames">The frames of the fiber, with the arguments of the call that waits.</param>
    /// <exception cref="Exception">What the wait failed with.</exception>
    public abstract void TakeResult(StoreContext context, FrameStack frames);

    /// <summary>The fiber waits no longer. Called on any thread, also more than once, and also if the wait has not begun or is over.</summary>
    public virtual void Abandon()
    {
    }

    /// <summary>Nobody refers to the object any more. Called on the store's turn.</summary>
    public virtual void Recycle()
    {
    }
}
