namespace Fermata.Runtime;

/// <summary>
/// A fiber's part of a <see cref="SeparateStack"/>: a region of its own, of which it uses what lies above <c>Low</c> when it is suspended.
/// <c>High</c> is what the stack pointer was when it started. Without a region, it is a slice like others.
/// </summary>
internal sealed class SeparateSlice(ShadowStack stack) : StackSlice(stack)
{
    /// <summary>The address of the region; 0 without one.</summary>
    public ulong Region;

    /// <summary>The bounds of the stack on which the fiber was started.</summary>
    public StackBounds Outer;
}
