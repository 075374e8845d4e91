namespace Fermata.Wast;

/// <summary>Threads: each is a run of its own, with a store of its own.</summary>
internal sealed partial class WastRun
{
    /// <summary>A thread that takes longer is one that nobody notifies; its store is disposed to end it.</summary>
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, RunningThread> _threads = [];

    private sealed record RunningThread(ThreadCommand Command, WastRun Run, Thread Thread)
    {
        public List<WastResult> Results { get; set; } = [];
    }

    private void Start(ThreadCommand command)
    {
        var run = new WastRun(_engine, _script, command.Commands, _output, _roundTrip) { Persists = Persists, Snapshots = Snapshots is null ? null : new SnapshotCounts() };
        foreach (var name in command.Shared)
            run.Share(name, FindInstance(name));

        RunningThread? running = null;
        var thread = new Thread(() => running!.Results = run.Execute()) { IsBackground = true };
        running = new RunningThread(command, run, thread);
        if (_threads.Remove(command.Name ?? "", out var former))
            Report(former);
        _threads.Add(command.Name ?? "", running);
        thread.Start();
    }

    /// <summary>An instance of the run that started this one; what it exports and is shared can be imported here.</summary>
    private void Share(string? name, Instance instance)
    {
        _lastInstance = new Defined<Instance>(instance, null);
        if (name is not null)
            _instances[name] = _lastInstance;
    }

    private void Wait(string name)
    {
        if (!_threads.Remove(name, out var thread))
            throw new CommandFailedException($"no thread has the name ${name}");
        Report(thread);
    }

    /// <summary>Waits for a thread to end; what it found becomes part of what this run found.</summary>
    private void Report(RunningThread thread)
    {
        var hasEnded = thread.Thread.Join(MostTime);
        thread.Run.Dispose();
        thread.Thread.Join();
        _results.AddRange(thread.Results);
        if (thread.Run.Snapshots is { } snapshots)
            Snapshots!.Add(snapshots);
        if (!hasEnded)
            Report(thread.Command, WastOutcome.Failed, $"the thread did not end within {MostTime.TotalMinutes} minutes");
    }
}
