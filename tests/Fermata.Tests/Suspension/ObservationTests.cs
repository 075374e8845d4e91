using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Fermata.Tests.Suspension;

[CollectionDefinition(nameof(ObservationTests), DisableParallelization = true)]
public sealed class ObservationCollection;

/// <summary>What metrics and activities tell of calls. Listeners hear all stores of the process, so other tests, which measure what calls cost, stay away.</summary>
[Collection(nameof(ObservationTests))]
public sealed class ObservationTests : IDisposable
{
    private readonly GatedGuest _guest = new();

    public void Dispose() => _guest.Dispose();

    [Fact]
    public void SuspensionsAreMeasured()
    {
        var measured = new ConcurrentQueue<(string Instrument, double Value)>();
        using var listener = Listen((instrument, value, waitsFor) =>
        {
            if (waitsFor is "observed.wait")
                measured.Enqueue((instrument, value));
        });
        _guest.Linker.Define("observed", "wait", (int gate) => _guest.Gate(gate).Wait());
        var f = _guest.Instantiate("""
            (import "observed" "wait" (func $observed (param i32) (result i32)))
            (func (export "f") (result i32) (i32.add (call $observed (i32.const 1)) (call $observed (i32.const 2))))
            """).GetFunction<Func<Task<int>>>("f");
        var call = f();
        Assert.Equal(["fermata.suspensions"], measured.Select(item => item.Instrument));
        _guest.Open(1);
        _guest.Open(2);
        Assert.Equal(3, call.Completed());
        string[] once = ["fermata.suspensions", "fermata.suspension.duration", "fermata.resumptions"];
        Assert.Equal([.. once, .. once], measured.Select(item => item.Instrument));
        Assert.All(measured, item => Assert.True(item.Instrument == "fermata.suspension.duration" ? item.Value >= 0 : item.Value == 1));
    }

    [Fact]
    public void SavedFramesAreCounted()
    {
        var saved = new ConcurrentQueue<double>();
        using var listener = Listen((instrument, value, _) =>
        {
            if (instrument == "fermata.frames.saved")
                saved.Enqueue(value);
        });
        var f = _guest.Instantiate("""
            (func $f (export "f") (param i32) (result i32)
              (if (result i32) (local.get 0)
                (then (call $f (i32.sub (local.get 0) (i32.const 1))))
                (else (call $wait (i32.const 0)))))
            """).GetFunction<Func<int, Task<int>>>("f");
        var call = f(4_321);
        Assert.Contains(4_322, saved);
        _guest.Open(0);
        Assert.Equal(0, call.Completed());
    }

    [Fact]
    public void CallsAreSpansWithASpanForEachWait()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = ListenForSpans(ended);
        using var parent = new Activity("parent").Start();
        var inside = new List<Activity?>();
        _guest.Linker.Define("env", "see", () => inside.Add(Activity.Current));
        var f = _guest.Instantiate("""
            (import "env" "see" (func $see))
            (func (export "spanned") (param i32) (result i32)
              (call $see) (drop (call $wait (local.get 0))) (call $see) (i32.const 7))
            """).GetFunction<Func<int, Task<int>>>("spanned");
        var call = f(1);
        Assert.Same(parent, Activity.Current);
        Assert.Equal(["compile", "instantiate"], Of(ended, parent).Select(activity => activity.OperationName));
        _guest.Open(1);
        Assert.Equal(7, call.Completed());
        Assert.Same(parent, Activity.Current);

        var spans = Of(ended, parent).ToList();
        Assert.Equal(["compile", "instantiate", "wait for env.wait", "call spanned"], spans.Select(activity => activity.OperationName));
        var (wait, span) = (spans[2], spans[3]);
        Assert.Equal(parent.SpanId, span.ParentSpanId);
        Assert.Equal(span.SpanId, wait.ParentSpanId);
        Assert.Equal("spanned", span.GetTagItem("fermata.function"));
        Assert.Equal("env.wait", wait.GetTagItem("fermata.waits_for"));
        Assert.Equal(span.GetTagItem("fermata.call.id"), wait.GetTagItem("fermata.call.id"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal([span, span], inside);
    }

    [Fact]
    public void ACallThatFailsTellsItsSpanWhy()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = ListenForSpans(ended);
        using var parent = new Activity("parent").Start();
        var call = _guest.Instantiate("""(func (export "f") unreachable)""").GetFunction<Func<Task>>("f")();
        call.Failed<TrapException>();
        var span = Of(ended, parent).Last();
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.StartsWith("unreachable", span.StatusDescription, StringComparison.Ordinal);
        Assert.Equal(typeof(TrapException).FullName, span.GetTagItem("error.type"));
    }

    [Fact]
    public void DisposalEndsTheSpansAndLeavesTheDisposersOwnAlone()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = ListenForSpans(ended);
        using var parent = new Activity("parent").Start();
        var call = _guest.Instantiate("""(func (export "f") (drop (call $wait (i32.const 0))))""").GetFunction<Func<Task>>("f")();
        using var disposer = new Activity("disposer").Start();
        _guest.Store.Dispose();
        Assert.Same(disposer, Activity.Current);
        Assert.True(call.IsFaulted);
        Assert.Equal(["wait for env.wait", "call f"], Of(ended, parent).Select(activity => activity.OperationName).TakeLast(2));
    }

    [Fact]
    public void AListenerThatComesLateSeesACallFromWhereItGoesOn()
    {
        var call = _guest.Instantiate("""
            (func (export "late") (result i32) (i32.add (call $wait (i32.const 1)) (call $wait (i32.const 2))))
            """).GetFunction<Func<Task<int>>>("late")();
        var ended = new ConcurrentQueue<Activity>();
        using var listener = ListenForSpans(ended);
        _guest.Open(1);
        _guest.Open(2);
        Assert.Equal(3, call.Completed());
        Assert.Single(ended, activity => activity.OperationName == "call late");
    }

    [Theory]
    [InlineData("fermata.suspensions")]
    [InlineData("fermata.suspension.duration")]
    [InlineData("fermata.resumptions")]
    public void AMeterListenerThatThrowsDoesNotHarmTheCall(string instrument)
    {
        using var bystander = new Bystander();
        var import = $"wait and fail {instrument}";
        var hits = 0;
        using (Listen((name, _, waitsFor) =>
        {
            if (name == instrument && waitsFor as string == $"observed.{import}")
                throw new InvalidDataException($"{++hits}");
        }))
        {
            bystander.Guest.Linker.Define("observed", import, (int gate) => bystander.Guest.Gate(gate).Wait());
            var f = bystander.Guest.Instantiate($"""
                (import "observed" "{import}" (func $observed (param i32) (result i32)))
                (func (export "f") (result i32) (i32.add (call $observed (i32.const 1)) (call $observed (i32.const 2))))
                """).GetFunction<Func<Task<int>>>("f");
            var (call, disposed) = (f(), f());
            bystander.Guest.Open(1, 1);
            bystander.Guest.Open(2, 2);
            Assert.Equal([3, 3], [call.Completed(), disposed.Completed()]);
            Assert.Equal(4, hits);
        }

        bystander.AssertUnharmed();
    }

    [Theory]
    [InlineData("Sample", "call fails")]
    [InlineData("Sample", "wait for env.wait")]
    [InlineData("ActivityStarted", "call fails")]
    [InlineData("ActivityStarted", "wait for env.wait")]
    [InlineData("ActivityStopped", "call fails")]
    [InlineData("ActivityStopped", "wait for env.wait")]
    public void AnActivityListenerThatThrowsDoesNotHarmTheCall(string callback, string operation)
    {
        using var bystander = new Bystander();
        using var parent = new Activity("parent").Start();
        var hits = 0;
        void Hit(string where, string name, ActivityTraceId trace)
        {
            if (where == callback && name == operation && trace == parent.TraceId)
                throw new InvalidDataException($"{++hits}");
        }

        using (var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Fermata",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
            {
                Hit("Sample", options.Name, options.Parent.TraceId);
                return ActivitySamplingResult.AllData;
            },
            ActivityStarted = activity => Hit("ActivityStarted", activity.OperationName, activity.TraceId),
            ActivityStopped = activity => Hit("ActivityStopped", activity.OperationName, activity.TraceId),
        })
        {
            ActivitySource.AddActivityListener(listener);
            var f = bystander.Guest.Instantiate("""
                (func (export "fails") (param i32) (result i32) (i32.div_u (i32.const 12) (call $wait (i32.const 0))))
                """).GetFunction<Func<int, Task<int>>>("fails");
            var call = f(1);
            Assert.False(call.IsCompleted);
            bystander.Guest.Open(0, 0);
            Assert.Equal(TrapKind.IntegerDivideByZero, call.Failed<ArithmeticTrapException>().Kind);
            Assert.Same(parent, Activity.Current);
        }

        Assert.NotEqual(0, hits);
        bystander.AssertUnharmed();
    }

    [Fact]
    public void AnExceptionWithoutAMessageFailsTheCallAsAnyOther()
    {
        using var bystander = new Bystander();
        var ended = new ConcurrentQueue<Activity>();
        using var listener = ListenForSpans(ended);
        using var parent = new Activity("parent").Start();
        var call = bystander.Guest.Instantiate("""(func (export "f") (drop (call $wait (i32.const 0))))""").GetFunction<Func<Task>>("f")();
        bystander.Guest.Gate(0).Fail(new Speechless());
        Assert.True(call.IsFaulted);
        Assert.IsType<Speechless>(call.Exception!.InnerException);
        Assert.Equal(["wait for env.wait", "call f"], Of(ended, parent).Select(activity => activity.OperationName).TakeLast(2));
        bystander.AssertUnharmed();
    }

    private sealed class Speechless : Exception
    {
        public override string Message => throw new InvalidOperationException("There is no message.");
    }

    private static IEnumerable<Activity> Of(ConcurrentQueue<Activity> ended, Activity parent) =>
        ended.Where(activity => activity.TraceId == parent.TraceId);

    private static ActivityListener ListenForSpans(ConcurrentQueue<Activity> ended)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Fermata",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static MeterListener Listen(Action<string, double, object?> measured)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Fermata")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured(instrument.Name, value, WaitsFor(tags)));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured(instrument.Name, value, WaitsFor(tags)));
        listener.Start();
        return listener;
    }

    private static object? WaitsFor(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == "fermata.waits_for")
                return tag.Value;
        }

        return null;
    }
}
