namespace Fermata.Compilation;

/// <summary>Where code may be suspended though it calls nothing (FRAMES: "Loop heads and function entries are sites too").</summary>
[Flags]
internal enum ImplicitSites : byte
{
    None = 0,

    /// <summary>The entries of functions that call others: there the stack moves to the heap when there is no more room for it.</summary>
    Entries = 1,

    /// <summary>The heads of loops: there a call gives the others of its store a turn.</summary>
    Loops = 2,

    /// <summary>Where an exception leaves a function: its caller finds it as it finds a suspension.</summary>
    Throws = 4,

    Everywhere = Entries | Loops | Throws | 8,
}
