namespace Fermata;

/// <summary>How code finds out that it accesses a linear memory beyond its end, which is a trap.</summary>
public enum BoundsChecks
{
    /// <summary>
    /// By guard pages where there are any: for memories with 32-bit addresses, in a process on Linux and x64. Code has no comparisons then; what lies beyond the end of a memory faults, and
    /// a handler of SIGSEGV, in front of that of .NET, makes a null reference of the fault, and the engine a trap of that. It takes 32 TiB of address space, but no memory.
    /// A module is compiled a second time, with comparisons, when it is instantiated with a memory that has no guard pages, as none were left. Elsewhere as <see cref="Explicit"/>.
    /// </summary>
    Automatic,

    /// <summary>By a comparison before each access. The engine reserves nothing for its stores, and handles no signals.</summary>
    Explicit,
}
