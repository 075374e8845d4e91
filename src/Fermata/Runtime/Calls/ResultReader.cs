namespace Fermata.Runtime;

/// <summary>Makes the result of a call from the WebAssembly results in slots.</summary>
internal delegate T ResultReader<out T>(Function function, StoreContext context);
