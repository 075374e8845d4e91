namespace Fermata.Bench;

/// <summary>What rows belong together in the documents.</summary>
internal enum Group
{
    /// <summary>Small programs in C.</summary>
    Kernels,

    /// <summary>Large programs that are warm.</summary>
    Programs,

    /// <summary>From the start of a process to the first line that it prints, and the loading of a module.</summary>
    Starts,

    /// <summary>Programs of Emscripten from npm: their starts, and a fixed work.</summary>
    Emscripten,

    /// <summary>CPython by <c>Fermata.Python</c> beside Pyodide in Node.</summary>
    Python,

    /// <summary>Stores that are written to snapshots, and restored.</summary>
    Snapshots,

    /// <summary>Calls, exceptions, suspension and waiting.</summary>
    Calls,
}
