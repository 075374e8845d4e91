using System.Text.Json;
using System.Text.Json.Serialization;
using Fermata.Durable;

namespace Fermata.Orleans;

/// <summary>What clients do with durable calls.</summary>
public static class DurableStoreExtensions
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions DefaultJson = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Raises an event: the guest that waits for it goes on, or the next that does.</summary>
    /// <param name="store">The store.</param>
    /// <param name="eventName">The event.</param>
    /// <param name="content">What the guest gets, of the type for which the function that waits was defined.</param>
    /// <param name="json">How it becomes JSON; null for the default of <see cref="DurableHostOptions.Json"/>.</param>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>Whether somebody waited for it.</returns>
    /// <exception cref="KeyNotFoundException">There is no such store: its calls have ended, or were not started.</exception>
    public static Task<bool> RaiseAsync<T>(this IDurableStoreGrain store, string eventName, T content, JsonSerializerOptions? json = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.RaiseJsonAsync(eventName, JsonSerializer.Serialize(content, json ?? DefaultJson));
    }

    /// <summary>Waits for the results of a call, whichever silo runs it, and whichever end meanwhile. The state is asked for again and again, ever less often, and when the grain tells that the call has ended.</summary>
    /// <param name="grains">The client, or a silo's factory of grains.</param>
    /// <param name="store">The store.</param>
    /// <param name="callKey">The key of the call.</param>
    /// <param name="cancellationToken">Ends the wait; the call goes on.</param>
    /// <exception cref="KeyNotFoundException">There is no such call in the store.</exception>
    /// <exception cref="DurableCallException">It failed, was cancelled, or cannot be gone on with.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static Task<Value[]> GetResultsAsync(this IGrainFactory grains, string store, string callKey, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(callKey);

        // Beside the scheduler of a grain that asks: grains cannot have observers.
        return Task.Run(() => WaitAsync(grains, store, callKey, cancellationToken), cancellationToken);
    }

    private static async Task<Value[]> WaitAsync(IGrainFactory grains, string store, string callKey, CancellationToken cancellationToken)
    {
        var observer = new EndObserver();
        var reference = grains.CreateObjectReference<IDurableCallObserver>(observer);
        try
        {
            for (var pause = ShortestPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                var ended = observer.Ended;
                try
                {
                    var status = await grains.GetGrain<IDurableStoreGrain>(store).GetStateAsync(callKey, reference).WaitAsync(LongestPause, cancellationToken).ConfigureAwait(false)
                        ?? throw new KeyNotFoundException($"There is no call '{callKey}' in the store '{store}'.");
                    if (status.State == DurableCallState.Completed)
                        return status.Results!;
                    if (status.State != DurableCallState.Running || status.Error is not null)
                        throw new DurableCallException(callKey, status.State, status.Error);
                }
                catch (Exception exception) when (exception is OrleansException or TimeoutException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
                {
                    // A silo has ended, perhaps with the answer, or is slow, or the message has expired: it is asked again.
                }

                await Task.WhenAny(ended, Task.Delay(pause, cancellationToken)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            grains.DeleteObjectReference<IDurableCallObserver>(reference);
            GC.KeepAlive(observer);
        }
    }

    /// <summary>Told of one end.</summary>
    private sealed class EndObserver : IDurableCallObserver
    {
        private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Ends when the next end is told.</summary>
        public Task Ended => Volatile.Read(ref _ended).Task;

        public Task EndedAsync(string callKey)
        {
            Interlocked.Exchange(ref _ended, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            return Task.CompletedTask;
        }
    }
}
