namespace Fermata.Samples.WebServer;

/// <summary>Why a guest gave no answer.</summary>
/// <param name="Status">The status of the response, if it can still have one.</param>
/// <param name="Reason">The reason; of a trap with the stack of the WebAssembly functions.</param>
internal sealed record Failure(int Status, string Reason);
