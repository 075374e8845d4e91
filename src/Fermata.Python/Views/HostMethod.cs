namespace Fermata.Python.Views;

/// <summary>A function of a view: it takes what Python passes as it is.</summary>
/// <param name="arguments">Arguments by position, and behind them a <see cref="HostNamespace"/> if there are some by name.</param>
internal delegate object? HostMethod(IReadOnlyList<object?> arguments);
