using System.Collections.Concurrent;
using Fermata.Python.Views;

namespace Fermata.Python.Interop;

/// <summary>
/// What goes over sequences of the host for Python. One that Python drops before its end is closed soon after, when nothing else runs on the store, as Python is in the middle of something
/// when it drops it; and all are when the interpreter ends.
/// </summary>
internal sealed class Iterations(Interpreter python)
{
    private readonly ConcurrentDictionary<object, bool> _begun = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentQueue<object> _dropped = new();

    /// <summary>Begins one.</summary>
    public T Begin<T>(T iterator)
        where T : class
    {
        _begun[iterator] = true;
        return iterator;
    }

    /// <summary>Python has no reference to an object any more; on the store's turn.</summary>
    public void Drop(object value)
    {
        if (!_begun.TryRemove(value, out _) || IsOver(value))
            return;
        _dropped.Enqueue(value);
        _ = Task.Run(CloseDroppedAsync);
    }

    /// <summary>The interpreter has ended.</summary>
    public void End()
    {
        foreach (var iterator in _begun.Keys.Concat(_dropped).Where(static iterator => !IsOver(iterator)))
            _ = CloseAsync(iterator);
    }

    private static bool IsOver(object iterator) => iterator is HostIterator { IsOver: true } or HostAsyncIterator { IsOver: true };

    private static async Task CloseAsync(object iterator)
    {
        if (iterator is HostAsyncIterator asynchronous)
            await asynchronous.DisposeAsync().ConfigureAwait(false);
        else
            ((HostIterator)iterator).Close();
    }

    private async Task CloseDroppedAsync()
    {
        try
        {
            await python.OnTurnAsync(() =>
            {
                while (_dropped.TryDequeue(out var iterator))
                    _ = TellAsync(CloseAsync(iterator));
                return 0;
            }).ConfigureAwait(false);
        }
        catch (Exception) when (python.HasEnded)
        {
            // So have they.
        }
    }

    /// <summary>Has Python tell of what failed, where it tells what nobody can catch.</summary>
    private async Task TellAsync(Task closing)
    {
        try
        {
            await closing.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            try
            {
                await python.OnTurnAsync(() =>
                {
                    using var what = python.Own(python.ToPython("a sequence of the host"));
                    python.SetException(e);
                    python.C.WriteUnraisable(what.Pointer);
                    return 0;
                }).ConfigureAwait(false);
            }
            catch (Exception) when (python.HasEnded)
            {
                // Nobody hears of it any more.
            }
        }
    }
}
