using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace Fermata.Tests.Shared;

/// <summary>Reports a test that takes longer than three minutes, with the stacks of all threads; and ends the process if it takes longer than ten.</summary>
/// <param name="sink">Where the messages go that come through here.</param>
/// <param name="report">Takes what there is to report.</param>
internal sealed class TestWatch(IMessageSink sink, Action<string> report) : LongLivedMarshalByRefObject, IMessageSink
{
    private static readonly TimeSpan LongTime = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan TooLongTime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<ITest, RunningTest> _running = [];

    /// <summary>Looks at the tests from now on, on a thread of its own: one that hangs may have taken all threads of the pool.</summary>
    public void Start() => new Thread(() =>
    {
        while (true)
        {
            Thread.Sleep(TimeSpan.FromSeconds(1));
            if (Look(DateTime.UtcNow))
                Environment.FailFast("A test does not end.");
        }
    })
    { IsBackground = true, Name = nameof(TestWatch) }.Start();

    public bool OnMessage(IMessageSinkMessage message)
    {
        if (message is ITestStarting starting)
            _running[starting.Test] = new RunningTest(DateTime.UtcNow);
        else if (message is ITestFinished finished)
            _running.TryRemove(finished.Test, out _);
        return sink.OnMessage(message);
    }

    /// <summary>Reports what takes long at a time, each test once.</summary>
    /// <returns>Whether one takes too long.</returns>
    public bool Look(DateTime now)
    {
        var late = _running.Where(test => now - test.Value.Start > LongTime && !test.Value.IsReported).ToList();
        if (late.Count > 0)
        {
            var names = string.Concat(late.Select(test => $"\n  {test.Key.DisplayName}"));
            report($"Still running after {LongTime.TotalMinutes} minutes:{names}\n{ThreadStacks.Of(Environment.ProcessId)}");
            late.ForEach(test => test.Value.IsReported = true);
        }

        return _running.Any(test => now - test.Value.Start > TooLongTime);
    }
}
