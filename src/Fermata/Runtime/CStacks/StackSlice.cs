namespace Fermata.Runtime;

/// <summary>
/// The part of a C stack that a suspended fiber uses: from <c>Low</c>, its stack pointer, up to <c>High</c>, where it began. While
/// the fiber runs, and if it uses nothing, both are equal.
/// </summary>
/// <remarks>It does not refer to its fiber, so that a fiber that nothing will ever resume can be collected.</remarks>
internal class StackSlice(ShadowStack stack)
{
    public readonly ShadowStack Stack = stack;
    public ulong Low;
    public ulong High;

    /// <summary>The bytes, while they are not in their place; the array may be longer.</summary>
    public byte[]? Copy;

    /// <summary>Whether it is on the stack that another fiber has of its own.</summary>
    public bool IsGuest;

    /// <summary>The slice of the same fiber in the next stack.</summary>
    public StackSlice? Next;

    public int Length => (int)(High - Low);
}
