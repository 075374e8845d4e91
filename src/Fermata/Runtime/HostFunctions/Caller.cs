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
    /// The instance whose import the host function is; null if it is no import (see <see cref="Function.Create(Store, Delegate, string)"/>).
    /// </summary>
    public Instance? Instance => _host.Instance;

    /// <summary>The memory that the calling instance exports under the usual name, <c>memory</c>.</summary>
    /// <exception cref="InvalidOperationException">It exports no such memory.</exception>
    public Memory Memory =>
        GetMemory("memory")
        ?? throw new InvalidOperationException($"The instance that called {_host.Name} exports no memory named \"memory\".");

    /// <summary>A memory that the calling instance exports; null if there is none with this name.</summary>
    /// <param name="name">The name of the export.</param>
    public Memory? GetMemory(string name) => Instance?.GetMemory(name);

    /// <summary>A table that the calling instance exports; null if there is none with this name.</summary>
    /// <param name="name">The name of the export.</param>
    public Table? GetTable(string name) => Instance?.GetTable(name);

    /// <summary>A global that the calling instance exports; null if there is none with this name.</summary>
    /// <param name="name">The name of the export.</param>
    public Global? GetGlobal(string name) => Instance?.GetGlobal(name);

    /// <summary>A function that the calling instance exports; null if there is none with this name.</summary>
    /// <param name="name">The name of the export.</param>
    public Function? GetFunction(string name) =>
        Instance is { } instance && instance.TryGetFunction(name, out var function) ? function : null;
}
