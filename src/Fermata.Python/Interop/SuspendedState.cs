namespace Fermata.Python.Interop;

/// <summary>What Python keeps of a call that waits.</summary>
internal sealed record SuspendedState(PromisingCall Call, int ThreadState)
{
    /// <summary>Keeps the state of the call that runs.</summary>
    /// <returns>It; or <see cref="Marker.Error"/> if the call cannot wait.</returns>
    public static object Save(Interpreter python)
    {
        if (python.Promising is not { } call || python.C.CaptureThreadState() is not (var state and not 0))
            return Marker.Error;
        call.IsPutAway = true;
        return new SuspendedState(call, state);
    }

    /// <summary>Goes on with the call.</summary>
    public void Restore(Interpreter python)
    {
        Call.IsPutAway = false;
        python.C.RestoreThreadState(ThreadState);
    }
}
