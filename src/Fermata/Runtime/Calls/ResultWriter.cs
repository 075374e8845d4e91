namespace Fermata.Runtime;

/// <summary>Puts the results of an import into slots, made of what its task gave.</summary>
/// <param name="function">The import.</param>
/// <param name="context">The context with the slots.</param>
/// <param name="result">What the task gave.</param>
/// <param name="frames">The frames of the call, with the arguments of the import on top.</param>
internal delegate void ResultWriter<in T>(HostFunction function, StoreContext context, T result, FrameStack frames);
