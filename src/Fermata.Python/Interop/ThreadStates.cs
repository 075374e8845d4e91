namespace Fermata.Python.Interop;

/// <summary>
/// CPython's thread state, of which each promising call has one. Pyodide puts it away where it waits for a task; here this is done wherever a call is suspended, so that
/// <c>input()</c> and sockets wait in many calls at once, too.
/// </summary>
internal sealed class ThreadStates : CallState
{
    private Interpreter? _python;

    public void Attach(Interpreter python) => _python = python;

    public override object? Suspend()
    {
        if (_python?.Promising is not { } call)
            return null;
        _python.Leave(call);
        return new Suspended(call, _python.C.CaptureThreadState());
    }

    public override void Resume(object? state)
    {
        if (state is not Suspended suspended || _python is null)
            return;
        _python.Continue(suspended.Call);
        _python.C.RestoreThreadState(suspended.ThreadState);
    }

    public override void Abandon()
    {
        if (_python?.Promising is not { } call)
            return;
        _python.Leave(call);
        _python.C.CaptureThreadState();
    }

    /// <param name="Call">The call.</param>
    /// <param name="ThreadState">Its thread state, 0 while it has none as it waits for the system.</param>
    private sealed record Suspended(PromisingCall Call, int ThreadState);
}
