namespace Fermata.Runtime;

/// <summary>The caller cancelled the call: WebAssembly code cannot catch this.</summary>
internal sealed class CallEndedException(CancellationToken token) : OperationCanceledException(token);
