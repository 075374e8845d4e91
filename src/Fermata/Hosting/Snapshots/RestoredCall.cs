using Fermata.Runtime;

namespace Fermata;

/// <summary>A promising call of a restored store.</summary>
public sealed class RestoredCall
{
    internal RestoredCall(Fiber fiber, Task<Value[]> task)
    {
        Fiber = fiber;
        Id = fiber.Id;
        Key = fiber.Key;
        Function = fiber.Function;
        CancellationToken = fiber.CancellationToken;
        Task = task;
        if (fiber.Suspension is RestoredWait wait)
            Pending = new PendingImport(this, wait, new CallKey(fiber.Function.Store.Id, fiber.Id, fiber.Waits + 1L));
    }

    /// <summary>The number of the call in its store.</summary>
    public long Id { get; }

    /// <summary>What the host has called it; null if nothing.</summary>
    public string? Key { get; }

    /// <summary>The function that was called.</summary>
    public Function Function { get; }

    /// <summary>The call of an import that it waits for; null if it waits for its turn, or at a shared memory.</summary>
    public PendingImport? Pending { get; }

    /// <summary>Ends when the call ends, as the task of <see cref="Function.InvokeAsync(ReadOnlySpan{Value})"/>.</summary>
    public Task<Value[]> Task { get; }

    /// <summary>What cancels it (<see cref="RestoreOptions.CancellationToken"/>).</summary>
    public CancellationToken CancellationToken { get; }

    internal Fiber Fiber { get; }
}
