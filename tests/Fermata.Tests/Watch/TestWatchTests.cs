using System.Runtime.CompilerServices;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Fermata.Tests.Watch;

/// <summary>What is told of a test that does not end.</summary>
public sealed class TestWatchTests : LongLivedMarshalByRefObject, IMessageSink, IDisposable
{
    private readonly ITest _test;
    private readonly List<IMessageSinkMessage> _passed = [];
    private readonly List<string> _reports = [];
    private readonly ManualResetEventSlim _gate = new();

    public TestWatchTests()
    {
        var collection = new TestCollection(new TestAssembly(Reflector.Wrap(GetType().Assembly)), null, "");
        var method = new TestMethod(new TestClass(collection, Reflector.Wrap(GetType())), Reflector.Wrap(GetType().GetMethod(nameof(Dispose))));
        _test = new XunitTest(new XunitTestCase(this, TestMethodDisplay.Method, TestMethodDisplayOptions.None, method), "slow");
    }

    public void Dispose() => _gate.Dispose();

    [Fact]
    public void A_test_that_takes_longer_than_three_minutes_is_reported_once_with_the_stacks_of_all_threads()
    {
        using var isWaiting = new ManualResetEventSlim();
        var thread = new Thread(() => WaitForTheGate(isWaiting));
        thread.Start();
        isWaiting.Wait();
        var watch = new TestWatch(this, _reports.Add);
        var before = DateTime.UtcNow;
        watch.OnMessage(new TestStarting(_test));

        Assert.False(watch.Look(before.AddSeconds(170)));
        Assert.Empty(_reports);
        Assert.False(watch.Look(DateTime.UtcNow.AddSeconds(190)));
        Assert.False(watch.Look(DateTime.UtcNow.AddSeconds(200)));
        _gate.Set();
        thread.Join();

        var report = Assert.Single(_reports);
        Assert.StartsWith("Still running after 3 minutes:\n  slow\nThread ", report, StringComparison.Ordinal);
        Assert.Contains($".{nameof(WaitForTheGate)}(", report, StringComparison.Ordinal);
        Assert.Contains($".{nameof(A_test_that_takes_longer_than_three_minutes_is_reported_once_with_the_stacks_of_all_threads)}()", report, StringComparison.Ordinal);
        Assert.DoesNotContain("  at Xunit.Sdk.", report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_that_has_ended_is_not_reported()
    {
        var watch = new TestWatch(this, _reports.Add);
        watch.OnMessage(new TestStarting(_test));
        watch.OnMessage(new TestFinished(_test, 0, ""));

        Assert.False(watch.Look(DateTime.UtcNow.AddHours(1)));
        Assert.Empty(_reports);
        Assert.Collection(_passed, message => Assert.IsType<TestStarting>(message), message => Assert.IsType<TestFinished>(message));
    }

    [Fact]
    public void A_test_that_takes_longer_than_ten_minutes_takes_too_long()
    {
        var watch = new TestWatch(this, _reports.Add);
        watch.OnMessage(new TestStarting(_test));

        Assert.True(watch.Look(DateTime.UtcNow.AddMinutes(11)));
        Assert.Single(_reports);
    }

    [Fact]
    public void Of_a_process_that_is_not_there_no_stacks_are_told() =>
        Assert.StartsWith("No stacks: ", ThreadStacks.Of(int.MaxValue), StringComparison.Ordinal);

    bool IMessageSink.OnMessage(IMessageSinkMessage message)
    {
        _passed.Add(message);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WaitForTheGate(ManualResetEventSlim isWaiting)
    {
        isWaiting.Set();
        _gate.Wait();
    }
}
