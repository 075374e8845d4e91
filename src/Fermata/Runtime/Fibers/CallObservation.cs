using System.Diagnostics;
using Fermata.Structure;

namespace Fermata.Runtime;

/// <summary>Tells metrics and activities what one call does: it runs, is suspended, goes on, ends.</summary>
/// <remarks>
/// It is made when somebody listens and the call starts or goes on, and follows the call from then to its end; so each number that goes up
/// goes down again. Its methods run on the store's turn with the asynchronous locals of the call, so that the call's span is the
/// parent of what its host functions start. What a listener throws does not concern the call.
/// </remarks>
internal sealed class CallObservation
{
    private Activity? _call;
    private Activity? _wait;
    private KeyValuePair<string, object?> _waitsFor;
    private long _suspendedAt;
    private bool _isSuspended;

    private CallObservation()
    {
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
        if (fiber.Observation is { } observation)
        {
            if (observation.EndSuspension())
                Tell(observation, static call => Telemetry.Resumptions.Add(1, call._waitsFor));
        }
        else if (Telemetry.IsWanted)
        {
            fiber.Observation = new CallObservation();
            Tell(fiber, static fiber => fiber.Observation!.StartSpan(fiber));
        }
        else
        {
            return;
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
        Tell(this, static call => Telemetry.Suspensions.Add(1, call._waitsFor));
        if (Telemetry.SavedFrames.Enabled)
            Tell(fiber, static fiber => Telemetry.SavedFrames.Add(fiber.Frames.CountNewest()));
        Tell(fiber, static fiber => fiber.Observation!.StartWaitSpan(fiber));
    }

    /// <summary>The call ends.</summary>
    /// <param name="failure">What it ends with; null if it has results.</param>
    public void End(Exception? failure)
    {
        if (!EndSuspension())
            Interlocked.Decrement(ref Telemetry.Running);
        if (failure is not null)
            Tell((Span: _call, failure), static end => SetFailure(end.Span, end.failure));
        Tell(_call, static span => span?.Stop());
    }

    private bool EndSuspension()
    {
        if (!_isSuspended)
            return false;
        _isSuspended = false;
        Interlocked.Decrement(ref Telemetry.Suspended);
        Tell(this, static call => Telemetry.SuspensionTime.Record(Stopwatch.GetElapsedTime(call._suspendedAt).TotalSeconds, call._waitsFor));
        Tell(_wait, static span => span?.Stop());
        _wait = null;
        return true;
    }

    private void StartSpan(Fiber fiber)
    {
        _call = Telemetry.Activities.StartActivity($"call {fiber.Function.PrintableName}");
        if (_call is null)
            return;
        Describe(_call, fiber);
        if (fiber.Function.Instance?.Module.Name is { } module)
            _call.SetTag("fermata.module", module);
        _call.SetTag("fermata.function", fiber.Function.Name);
    }

    private void StartWaitSpan(Fiber fiber)
    {
        _wait = Telemetry.Activities.StartActivity($"wait for {HostileText.Printable(fiber.WaitsFor)}");
        if (_wait is null)
            return;
        Describe(_wait, fiber);
        _wait.SetTag(_waitsFor.Key, _waitsFor.Value);
    }

    private static void Describe(Activity activity, Fiber fiber) => activity.SetTag("fermata.call.id", (long)fiber.Id);

    private static void SetFailure(Activity? span, Exception failure) =>
        span?.SetTag("error.type", failure.GetType().FullName).SetStatus(ActivityStatusCode.Error, failure.Message);

    /// <summary>Does something that runs the code of listeners, or of exceptions of the host.</summary>
    private static void Tell<T>(T about, Action<T> tell)
    {
        try
        {
            tell(about);
        }
#pragma warning disable CA1031 // A listener must not change what it listens to.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
