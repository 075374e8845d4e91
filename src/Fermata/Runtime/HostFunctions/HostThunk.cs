namespace Fermata.Runtime;

/// <summary>The code between WebAssembly and a delegate type.</summary>
/// <param name="Code">A function as generated code calls it, whose environment is a <see cref="HostFunction"/>.</param>
/// <param name="ResultWriter">
/// For a delegate that returns a task with a result: a <see cref="ResultWriter{T}"/>. Null otherwise.
/// </param>
/// <param name="IsSuspending">Whether the delegate returns a task that is waited for.</param>
internal sealed record HostThunk(nint Code, Delegate? ResultWriter, bool IsSuspending);
