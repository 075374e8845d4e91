namespace Fermata.Runtime;

/// <summary>What code that checks its C stack compares with.</summary>
/// <param name="Low">The lowest address of the stack.</param>
/// <param name="High">The address above it.</param>
internal readonly record struct StackBounds(ulong Low, ulong High);
