namespace Fermata.Runtime;

/// <summary>The native stack of the code that runs, and what is done where it ends.</summary>
internal sealed partial class StoreContext
{
    /// <summary>Less room than this at the start of a run is no use to go on in: the frames that were moved to the heap would come back at once.</summary>
    internal const nuint LeastRoom = 16 * 1024;

    private NativeStackRange _stack;

    /// <summary>The lowest address that the native stack may reach: what generated code compares with at the entry of a function.</summary>
    internal nuint StackLimit;

    /// <summary>The native stack of the current run.</summary>
    internal NativeStackRange Stack
    {
        get => _stack;
        set
        {
            _stack = value;
            Volatile.Write(ref StackLimit, value.Limit);
            NoticeInterruption();
        }
    }

    /// <summary>
    /// Called by generated code, which returns then, at the entry of a function for which the native stack does not reach, or which is interrupted: it is suspended, or
    /// traps if there is no more room even then.
    /// </summary>
    /// <param name="frame">The bytes that the function itself needs beyond what any does.</param>
    internal void CheckStack(nuint frame)
    {
        if (!HasStack(frame) && (!Store.Engine.Options.MovesStacks || !_stack.HasRoom(LeastRoom + frame)))
            Throw(new StackExhaustedException { IsReturning = true });
        else
            Suspension = Relocation.Requested;
    }

    /// <summary>As <see cref="CheckStack"/>, before a function that cannot be suspended at its entry, as it calls nothing: it runs, unless the native stack does not reach.</summary>
    /// <param name="frame">The bytes that the function itself needs beyond what any does.</param>
    /// <exception cref="StackExhaustedException">It does not.</exception>
    internal void RequireStack(nuint frame)
    {
        if (!HasStack(frame))
            Trap.StackExhausted();
    }

    private bool HasStack(nuint frame) => NativeStack.Here(0).Start >= _stack.Limit + frame;
}
