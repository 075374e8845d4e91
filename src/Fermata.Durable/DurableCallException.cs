namespace Fermata.Durable;

/// <summary>A durable call has no results: it failed, was cancelled, or cannot be gone on with.</summary>
public sealed class DurableCallException : Exception
{
    internal DurableCallException(string key, DurableCallState state, string? reason)
        : base(state == DurableCallState.Running ? $"The call '{key}' cannot go on: {reason} RetryAsync has it tried again." : $"The call '{key}' {(state == DurableCallState.Failed ? "has failed" : "was ended")}: {reason}") =>
        (Key, State) = (key, state);

    /// <summary>The key of the call.</summary>
    public string Key { get; }

    /// <summary>How far it is: <see cref="DurableCallState.Running"/> if its store cannot be restored, or cannot be saved, and waits for <see cref="DurableHost.RetryAsync"/>.</summary>
    public DurableCallState State { get; }
}
