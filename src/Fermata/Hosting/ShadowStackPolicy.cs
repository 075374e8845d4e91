namespace Fermata;

/// <summary>What is done so that suspended calls do not destroy one another's C stack, which they share in linear memory.</summary>
public enum ShadowStackPolicy
{
    /// <summary>
    /// A part of the C stack is copied out only when another call needs its place, and back before its call is resumed. Does
    /// nothing for modules in which no stack pointer is found.
    /// </summary>
    CopyOnConflict,

    /// <summary>Nothing is done, as with JSPI: interleaved calls of C code corrupt one another.</summary>
    None,
}
