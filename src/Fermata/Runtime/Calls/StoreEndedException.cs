namespace Fermata.Runtime;

/// <summary>The store is disposed while its code runs: WebAssembly code cannot catch this.</summary>
internal sealed class StoreEndedException() : ObjectDisposedException(typeof(Store).FullName);
