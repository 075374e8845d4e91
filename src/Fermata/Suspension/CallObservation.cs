using System.Diagnostics;

namespace Fermata.Suspension;

/// <summary>Tells metrics and activities what one call does: it runs, is suspended, goes on, ends.</summary>
/// <remarks>
/// It is made when somebody listens and the call starts or goes on, and follows the call from then to its end; so each number that goes up
/// goes down again. Its methods run on the store's turn with the asynchronous locals of the call, so that the call's span is the
/// parent of what its host functions start.
/// </remarks>
internal sealed class CallObservation
{
    private readonly Activity? _call;
    private Activity? _wait;
    private KeyValuePair<string, object?> _waitsFor;
    private long _suspendedAt;
    private bool _isSuspended;

    private CallObservation(Fiber fiber)
    {
        _call = Telemetry.Activities.StartActivity($"call {fiber.Function.PrintableName}");
        if (_call is null)
            return;
        Describe(_call, fiber);
        if (((Instance)fiber.Function.Environment).Module.Name is { } module)
            _call.SetTag("fermata.module", module);
        _call.SetTag("fermata.function", fiber.Function.Name);
    }

    /// <summary>A call that is suspended and was collected, as nothing could resume it, counts no longer.</summary>
    ~CallObservation()
    {
        if (_isSuspended)
            Interlocked.Decrement(ref Telemetry.Suspended);
    }

    /// <summary>The call starts or goes on.</summary>
    public static void Run(Fiber fiber)
    {
        if (fiber.Observation is null)
        {
            if (!Telemetry.IsWanted)
                return;
            fiber.Observation = new CallObservation(fiber);
        }
        else if (fiber.Observation.EndSuspension())
        {
            Telemetry.Resumptions.Add(1, fiber.Observation._waitsFor);
        }

        Interlocked.Increment(ref Telemetry.Running);
    }

    /// <summary>The call is suspended; its frames are saved.</summary>
    public void Suspend(Fiber fiber)
    {
        Interlocked.Decrement(ref Telemetry.Running);
        Interlocked.Increment(ref Telemetry.Suspended);
        _isSuspended = true;
        _suspendedAt = Stopwatch.GetTimestamp();
        _waitsFor = new KeyValuePair<string, object?>("fermata.waits_for", fiber.WaitsFor);
        Telemetry.Suspensions.Add(1, _waitsFor);
        if (Telemetry.SavedFrames.Enabled)
            Telemetry.SavedFrames.Add(fiber.Frames.CountNewest());
        _wait = Telemetry.Activities.StartActivity($"wait for {HostileText.Printable(fiber.WaitsFor)}");
        if (_wait is null)
            return;
        Describe(_wait, fiber);
        _wait.SetTag(_waitsFor.Key, _waitsFor.Value);
    }

    /// <summary>The call ends.</summary>
    /// <param name="failure">What it ends with; null if it has results.</param>
    public void End(Exception? failure)
    {
        if (!EndSuspension())
            Interlocked.Decrement(ref Telemetry.Running);
        if (failure is not null)
            _call?.SetTag("error.type", failure.GetType().FullName).SetStatus(ActivityStatusCode.Error, failure.Message);
        _call?.Stop();
    }

    private bool EndSuspension()
    {
        if (!_isSuspended)
            return false;
        _isSuspended = false;
        Interlocked.Decrement(ref Telemetry.Suspended);
        Telemetry.SuspensionTime.Record(Stopwatch.GetElapsedTime(_suspendedAt).TotalSeconds, _waitsFor);
        _wait?.Stop();
        _wait = null;
        return true;
    }

    private static void Describe(Activity activity, Fiber fiber) => activity.SetTag("fermata.call.id", (long)fiber.Id);
}
