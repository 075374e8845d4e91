using System.Threading.Tasks.Sources;

namespace Fermata.Tests.Suspension;

/// <summary>A source of value tasks that does what a test tells it to, also what no source may do.</summary>
internal sealed class UnrulySource : IValueTaskSource<int>
{
    public ValueTask<int> Task => new(this, 0);

    /// <summary>What to say when asked whether the task is complete.</summary>
    public Func<ValueTaskSourceStatus> Status { get; set; } = () => ValueTaskSourceStatus.Pending;

    /// <summary>What to do when asked for the result.</summary>
    public Func<int> Result { get; set; } = () => throw new InvalidOperationException("The task is not complete.");

    /// <summary>What to do with the continuation, besides keeping it.</summary>
    public Action<Action> Waited { get; set; } = _ => { };

    /// <summary>The continuations of all waits so far.</summary>
    public List<Action> Continuations { get; } = [];

    /// <summary>Makes the task complete without telling anybody.</summary>
    public void Complete(int value)
    {
        Result = () => value;
        Status = () => ValueTaskSourceStatus.Succeeded;
    }

    int IValueTaskSource<int>.GetResult(short token) => Result();

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => Status();

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Continuations.Add(() => continuation(state));
        Waited(Continuations[^1]);
    }
}
