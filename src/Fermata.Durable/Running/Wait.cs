using System.Text.Json;

namespace Fermata.Durable;

/// <summary>One wait of a guest: begun, committed with the snapshot in which it is, answered, and taken by the guest.</summary>
internal sealed class Wait(RunningStore store, string key, string fullKey, DurableFunction function, Asked asked, JsonSerializerOptions json)
{
    private readonly TaskCompletionSource<object> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Which it is in its store.</summary>
    public string Key => key;

    /// <summary>Which it is among those of all stores.</summary>
    public string FullKey => fullKey;

    public DurableFunction Function => function;

    public Asked Asked => asked;

    /// <summary>Whether it is in the database.</summary>
    public bool IsCommitted { get; set; }

    public bool IsAnswered { get; private set; }

    /// <summary>The answer in JSON; null if there is none.</summary>
    public string? Result { get; private set; }

    /// <summary>What it failed with; null if it did not.</summary>
    public string? Failure { get; private set; }

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
            (Result, Failure, IsAnswered) = (result, failure, true);
        }

        _done.SetResult(this);
    }

    /// <summary>Notes, in the guest's turn, that the answer is in the guest from now on.</summary>
    public void Arrive() => store.Take(this);

    /// <summary>Takes the answer, in the guest's turn.</summary>
    /// <exception cref="DurableFunctionException">The function failed.</exception>
    public void Take()
    {
        Arrive();
        if (Failure is not null)
            throw new DurableFunctionException(function.Name, Failure);
    }

    /// <inheritdoc cref="Take"/>
    public T TakeAnswer<T>()
    {
        Take();
        return JsonSerializer.Deserialize<T>(Result!, json)!;
    }
}
