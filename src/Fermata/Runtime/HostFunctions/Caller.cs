using System.Diagnostics.CodeAnalysis;
using Fermata.Runtime;

namespace Fermata;

/// <summary>
/// Who calls a host function. A delegate that is bound to an import gets it if its first parameter has this type.
/// </summary>
public readonly struct Caller
{
    private readonly HostFunction _host;

    internal Caller(HostFunction host) => _host = host;

    /// <summary>The store that the call happens in.</summary>
    public Store Store => _host.Store;

    /// <summary>
    /// The instance whose import the host function is; null if it is no import (see <see cref="Function.Create(Store, Delegate, string?)"/>).
    /// </summary>
    public Instance? Instance => _host.Instance;

    /// <summary>
    /// Whether the call can be suspended here: it is promising, and no host function that cannot be suspended stands in between. Host functions ask before their first await.
    /// </summary>
    public bool CanSuspend => _host.Context.CurrentFiber is not null;

    /// <summary>What names this call of a suspending import, also when it is made again because its store was restored from a snapshot. Host functions ask before their first await.</summary>
    /// <exception cref="InvalidOperationException">The call cannot be suspended here (<see cref="CanSuspend"/>), so that no snapshot has it.</exception>
    public CallKey CallKey => _host.Context.CurrentFiber is { } fiber ? new CallKey(Store.Id, fiber.Id, fiber.Waits)
        : throw new InvalidOperationException($"{_host.Name} was called by a call that cannot be suspended here, so that it has no key.");

    /// <summary>
    /// Has <see cref="Store.SnapshotAsync"/> wait until this call of a suspending import has returned to the guest: for what should not be asked again when a snapshot is restored, as something of it is done
    /// already. Host functions call it before their first await. Where the call cannot be suspended it does nothing.
    /// </summary>
    /// <param name="whenComplete">Whether that is so only from when the function's task is complete: as of a function that reads, which has taken something then and nothing before.</param>
    public void HoldSnapshots(bool whenComplete = false) => _host.Context.CurrentFiber?.HoldSnapshots(whenComplete);

    /// <summary>
    /// Ends the call if it was cancelled or its store is being disposed. Nothing interrupts a host function: one that does much in one go calls this now and then, before its
    /// first await or in its second step.
    /// </summary>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The store is being disposed.</exception>
    public void ThrowIfEnding() => _host.Store.Scheduler.ThrowIfEnding();

    /// <summary>The memory that the calling instance exports under the usual name, <c>memory</c>, or else its first one, exported or not.</summary>
    /// <exception cref="InvalidOperationException">It has no memory.</exception>
    public Memory Memory => TryGetMemory("memory", out var memory) ? memory
        : Instance is { Memories: [var first, ..] } ? first
        : throw new InvalidOperationException($"The instance that called {_host.Name} has no memory.");

    private Instance Exporter => Instance
        ?? throw new InvalidOperationException($"{_host.Name} is no import of an instance, so there are no exports of the one that calls it.");

    /// <summary>A function that the calling instance exports.</summary>
    /// <param name="name">The name of the export.</param>
    /// <exception cref="KeyNotFoundException">It exports no function with this name.</exception>
    /// <exception cref="InvalidOperationException">The host function is no import (<see cref="Instance"/>).</exception>
    public Function GetFunction(string name) => Exporter.GetFunction(name);

    /// <summary>A function that the calling instance exports, if there is one.</summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="function">The function; null if there is none with this name.</param>
    public bool TryGetFunction(string name, [NotNullWhen(true)] out Function? function)
    {
        function = null;
        return Instance is { } instance && instance.TryGetFunction(name, out function);
    }

    /// <summary>A memory that the calling instance exports.</summary>
    /// <param name="name">The name of the export.</param>
    /// <exception cref="KeyNotFoundException">It exports no memory with this name.</exception>
    /// <exception cref="InvalidOperationException">The host function is no import (<see cref="Instance"/>).</exception>
    public Memory GetMemory(string name) => Exporter.GetMemory(name);

    /// <summary>A memory that the calling instance exports, if there is one.</summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="memory">The memory; null if there is none with this name.</param>
    public bool TryGetMemory(string name, [NotNullWhen(true)] out Memory? memory)
    {
        memory = null;
        return Instance is { } instance && instance.TryGetMemory(name, out memory);
    }

    /// <summary>A table that the calling instance exports.</summary>
    /// <param name="name">The name of the export.</param>
    /// <exception cref="KeyNotFoundException">It exports no table with this name.</exception>
    /// <exception cref="InvalidOperationException">The host function is no import (<see cref="Instance"/>).</exception>
    public Table GetTable(string name) => Exporter.GetTable(name);

    /// <summary>A table that the calling instance exports, if there is one.</summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="table">The table; null if there is none with this name.</param>
    public bool TryGetTable(string name, [NotNullWhen(true)] out Table? table)
    {
        table = null;
        return Instance is { } instance && instance.TryGetTable(name, out table);
    }

    /// <summary>A global that the calling instance exports.</summary>
    /// <param name="name">The name of the export.</param>
    /// <exception cref="KeyNotFoundException">It exports no global with this name.</exception>
    /// <exception cref="InvalidOperationException">The host function is no import (<see cref="Instance"/>).</exception>
    public Global GetGlobal(string name) => Exporter.GetGlobal(name);

    /// <summary>A global that the calling instance exports, if there is one.</summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="global">The global; null if there is none with this name.</param>
    public bool TryGetGlobal(string name, [NotNullWhen(true)] out Global? global)
    {
        global = null;
        return Instance is { } instance && instance.TryGetGlobal(name, out global);
    }

    /// <summary>A tag that the calling instance exports.</summary>
    /// <param name="name">The name of the export.</param>
    /// <exception cref="KeyNotFoundException">It exports no tag with this name.</exception>
    /// <exception cref="InvalidOperationException">The host function is no import (<see cref="Instance"/>).</exception>
    public Tag GetTag(string name) => Exporter.GetTag(name);

    /// <summary>A tag that the calling instance exports, if there is one.</summary>
    /// <param name="name">The name of the export.</param>
    /// <param name="tag">The tag; null if there is none with this name.</param>
    public bool TryGetTag(string name, [NotNullWhen(true)] out Tag? tag)
    {
        tag = null;
        return Instance is { } instance && instance.TryGetTag(name, out tag);
    }
}
