namespace Fermata;

/// <summary>
/// What a program keeps in its memory for the call that runs, as an interpreter keeps the state of its current thread: it has to be put away when a promising call is suspended,
/// since others run meanwhile, and put back when that goes on. The C stack is not of this kind: <see cref="ShadowStackPolicy"/> is for that.
/// A promising call that a host function starts has its own, too: that of the call which goes on around it is put away as long as it runs.
/// </summary>
/// <remarks>
/// All members are called on the turn of the store and may call exported functions, which cannot wait there. What they throw ends the call.
/// </remarks>
public abstract class CallState
{
    /// <summary>A call is suspended, or another one starts inside it: puts away what it keeps, and leaves what is there between calls.</summary>
    /// <returns>What was put away.</returns>
    public abstract object? Suspend();

    /// <summary>A call goes on.</summary>
    /// <param name="state">What <see cref="Suspend"/> has put away.</param>
    public abstract void Resume(object? state);

    /// <summary>A promising call has ended by an exception that no code of it caught: leaves what is there between calls.</summary>
    public abstract void Abandon();
}
