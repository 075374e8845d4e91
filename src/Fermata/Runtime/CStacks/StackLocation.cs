namespace Fermata.Runtime;

/// <summary>Which global of a module points to its C stack.</summary>
/// <param name="Global">Its index.</param>
/// <param name="Source">How it was found.</param>
internal readonly record struct StackLocation(int Global, StackPointerSource Source);
