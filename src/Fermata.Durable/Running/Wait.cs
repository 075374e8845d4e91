using System.Text.Json;

namespace Fermata.Durable;

/// <summary>One wait of a guest: begun, committed with the snapshot in which it is, answered, and taken by the guest.</summary>
internal sealed class Wait(RunningStore store, string key, string fullKey, DurableFunction function, Asked asked, JsonSerializerOptions json)
{
    private readonly TaskCompletionSource<object> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _result;
    private string? _failure;

    /// <summary>Which it is in its store.</summary>
    public string Key => key;

    /// <summary>Which it is among those of all stores.</summary>
    public string FullKey => fullKey;

    public DurableFunction Function => function;

    public Asked Asked => asked;

    /// <summary>Whether it is in the database.</summary>
    public bool IsCommitted { get; set; }

    public bool IsAnswered { get; private set; }

    /// <summary>Whether it ends without this process: by an event, or a time.</summary>
    public bool IsElsewhere => asked.Event is not null || asked.Due is not null;

    /// <summary>Gives the wait itself when it is answered.</summary>
    public Task<object> Task => _done.Task;

    /// <summary>Has the guest go on.</summary>
    /// <param name="result">The answer in JSON; null if it failed.</param>
    /// <param name="failure">What it failed with; null if it did not.</param>
    public void Answer(string? result, string? failure)
    {
        lock (_done)
        {
            if (IsAnswered)
                return;
            (_result, _failure, IsAnswered) = (result, failure, true);
        }

        _done.SetResult(this);
    }

    /// <summary>Takes the answer, in the guest's turn: from now on it is in the guest.</summary>
    /// <exception cref="DurableFunctionException">The function failed.</exception>
    public void Take()
    {
        store.Take(this);
        if (_failure is not null)
            throw new DurableFunctionException(function.Name, _failure);
    }

    /// <inheritdoc cref="Take"/>
    public T TakeAnswer<T>()
    {
        Take();
        return JsonSerializer.Deserialize<T>(_result!, json)!;
    }
}
