namespace Fermata.Emscripten.DynamicLinking;

/// <summary>What a program has linked that has loaded no library, for images of it.</summary>
/// <param name="Functions">Places in its table (<see cref="FunctionTable.Save"/>).</param>
/// <param name="HostFunctions">The functions of the host to which it has pointers.</param>
/// <param name="OpenSymbols">The symbols that nobody defines.</param>
internal sealed record LinkImage((int[] Added, int[] Free) Functions, (string Symbol, int Pointer)[] HostFunctions, string[] OpenSymbols);
