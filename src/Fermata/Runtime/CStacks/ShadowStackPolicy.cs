namespace Fermata;

/// <summary>What is done so that suspended calls do not destroy one another's C stack, which they share in linear memory.</summary>
public enum ShadowStackPolicy
{
    /// <summary>
    /// A part of the C stack is copied out only when another call needs its place, and back before its call is resumed. Does
    /// nothing for modules in which no stack pointer is found (<see cref="Instance.ShadowStack"/>).
    /// </summary>
    CopyOnConflict,

    /// <summary>Nothing is done, as with JSPI: interleaved calls of C code corrupt one another.</summary>
    None,

    /// <summary>A call's part of the C stack is copied out whenever it is suspended, and back before it is resumed.</summary>
    Copy,

    /// <summary>
    /// Each promising call gets a C stack of its own, of <see cref="StoreOptions.SeparateStackBytes"/>; nothing is copied, and addresses of variables stay valid
    /// while the call is suspended. Takes an allocator that the module exports (<see cref="StoreOptions.StackAllocator"/>); instantiating a module with a C stack
    /// but without one fails with <see cref="InvalidOperationException"/>, and so does one that may have a C stack whose pointer is not found.
    /// </summary>
    Separate,
}
