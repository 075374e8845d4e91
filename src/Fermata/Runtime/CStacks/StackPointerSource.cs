namespace Fermata;

/// <summary>How the pointer to a C stack was found.</summary>
public enum StackPointerSource
{
    /// <summary>The options of the store say it: <see cref="StoreOptions.StackPointer"/>.</summary>
    Options,

    /// <summary>It is exported under the name that toolchains give it.</summary>
    Export,

    /// <summary>It has that name in the name section.</summary>
    NameSection,

    /// <summary>It is imported under that name.</summary>
    Import,

    /// <summary>It is what functions read or write that Emscripten exports for it, under their names or, where nothing else writes it, under others.</summary>
    Accessor,

    /// <summary>It has no name, but functions take frames from it and give them back as compiled C does.</summary>
    Frames,
}
