namespace Fermata.Python.Interop;

/// <summary>
/// CPython's thread state, of which each promising call has one. Pyodide puts it away where it waits for a task; here this is done wherever a call is suspended, so that
/// <c>input()</c> and sockets wait in many calls at once, too.
/// </summary>
internal sealed class ThreadStates : CallState
{
    private Interpreter? _python;
    private ThreadFrames? _frames;

    /// <summary>Takes the interpreter, which has started.</summary>
    public void Attach(Interpreter python) => (_python, _frames) = (python, new ThreadFrames(python));

    public override object? Suspend()
    {
        if (_python?.Promising is not { } call)
            return null;
        _python.Leave(call);
        var threadState = _python.C.CaptureThreadState();
        return new Suspended(call, threadState, _frames!.Hide(threadState));
    }

    public override void Resume(object? state)
    {
        if (state is not Suspended suspended || _python is null)
            return;
        _python.Continue(suspended.Call);
        _frames!.Show(suspended.Frames);
        _python.C.RestoreThreadState(suspended.ThreadState);
    }

    public override void Abandon()
    {
        if (_python?.Promising is not { } call)
            return;
        _python.Leave(call);
        _frames!.Hide(_python.C.CaptureThreadState());
    }

    /// <param name="Call">The call.</param>
    /// <param name="ThreadState">Its thread state, 0 while it has none as it waits for the system.</param>
    /// <param name="Frames">Its frames.</param>
    private sealed record Suspended(PromisingCall Call, int ThreadState, ThreadFrames.Hidden[] Frames);
}
