namespace Fermata.Runtime;

/// <summary>Puts the result of a host function into slots, as its WebAssembly results.</summary>
internal delegate void ResultWriter<in T>(HostFunction function, StoreContext context, T result);
