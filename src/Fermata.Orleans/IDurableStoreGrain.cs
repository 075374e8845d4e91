using Fermata.Durable;
using Orleans.Concurrency;

namespace Fermata.Orleans;

/// <summary>A store of durable calls; its key is the store's name.</summary>
[Alias("Fermata.IDurableStoreGrain")]
public interface IDurableStoreGrain : IGrainWithStringKey
{
    /// <summary>Starts a call, unless there is one with the key already, whatever became of it. It returns when the call is committed, and may be repeated.</summary>
    /// <param name="callKey">The key. A call that has the grain's key runs in a store of its own, which goes with it; any other in one that is kept.</param>
    /// <param name="module">The SHA-256 of the module's bytes, in hexadecimal digits (<see cref="DurableModule.Hash"/>).</param>
    /// <param name="export">The function.</param>
    /// <param name="arguments">Its arguments: numbers and vectors.</param>
    /// <param name="deadline">When the call is ended if it has not ended by then; null for never.</param>
    /// <returns>Whether it was started.</returns>
    /// <exception cref="ArgumentException">The store is there, and of another module.</exception>
    [Alias("Start")]
    Task<bool> StartAsync(string callKey, string module, string export, Value[] arguments, DateTimeOffset? deadline = null);

    /// <summary>Starts a program of WASI, whose key is that of the grain, unless there is a call with the key already (<see cref="DurableHost.StartProgramAsync"/>). Its store goes with it.</summary>
    /// <param name="module">The SHA-256 of the module's bytes, in hexadecimal digits (<see cref="DurableModule.Hash"/>).</param>
    /// <param name="arguments">Its arguments, behind those that all programs of the silos have.</param>
    /// <param name="deadline">When it is ended if it has not ended by then; null for never.</param>
    /// <returns>Whether it was started.</returns>
    /// <exception cref="ArgumentException">An argument contains a NUL; or the store is there, and of another module.</exception>
    [Alias("StartProgram")]
    Task<bool> StartProgramAsync(string module, string[] arguments, DateTimeOffset? deadline = null);

    /// <summary>How far a call is.</summary>
    /// <param name="callKey">Its key.</param>
    /// <param name="observer">Told when it has ended, if it has not ended yet; null for nobody. It may happen that nobody is told: a silo has ended.</param>
    /// <returns>The state; null if there is no such call in the store.</returns>
    [Alias("GetState")]
    Task<DurableCallStatus?> GetStateAsync(string callKey, IDurableCallObserver? observer = null);

    /// <summary>Raises an event, whose content is JSON: the guest that waits for it goes on, or the next that does.</summary>
    /// <param name="eventName">The event.</param>
    /// <param name="json">What the guest gets, of the type for which the function that waits was defined.</param>
    /// <returns>Whether somebody waited for it.</returns>
    /// <exception cref="ArgumentException">It is not JSON.</exception>
    /// <exception cref="KeyNotFoundException">There is no such store: its calls have ended, or were not started.</exception>
    [Alias("RaiseJson")]
    Task<bool> RaiseJsonAsync(string eventName, string json);

    /// <summary>Ends a call where it is.</summary>
    /// <param name="callKey">Its key.</param>
    /// <returns>Whether there is one that had not ended.</returns>
    [Alias("Cancel")]
    Task<bool> CancelAsync(string callKey);

    /// <summary>Has a call that failed, or that cannot be gone on with, be tried again from its last commit (<see cref="DurableHost.RetryAsync"/>).</summary>
    /// <param name="callKey">Its key.</param>
    /// <returns>Whether there is such a call.</returns>
    [Alias("Retry")]
    Task<bool> RetryAsync(string callKey);
}

/// <summary>Told of the ends of calls.</summary>
[Alias("Fermata.IDurableCallObserver")]
public interface IDurableCallObserver : IGrainObserver
{
    /// <summary>A call has ended, or cannot be gone on with: its state is to be asked for.</summary>
    /// <param name="callKey">Its key.</param>
    [Alias("Ended")]
    [OneWay]
    Task EndedAsync(string callKey);
}
