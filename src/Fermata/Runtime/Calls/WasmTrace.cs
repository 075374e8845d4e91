using System.Diagnostics;

namespace Fermata.Runtime;

/// <summary>Finds the WebAssembly functions in the stack trace of a .NET exception.</summary>
internal static class WasmTrace
{
    /// <summary>The functions through which the exception came, innermost first, and then those that were suspended.</summary>
    /// <remarks>
    /// A .NET trace lacks what the JIT inlined, and what made a call in place of its return. So functions that may be active when a trap occurs
    /// are compiled as not to be inlined (<see cref="Compilation.FunctionUses.IsInTraces"/>), for which the JIT does neither.
    /// </remarks>
    public static IReadOnlyList<WasmFrame> Of(Exception exception, IReadOnlyList<WasmFrame> suspended)
    {
        var frames = new List<WasmFrame>();
        foreach (var frame in new StackTrace(exception).GetFrames())
        {
            if (ModuleCode.Find(frame.GetMethod()) is var (module, function))
                frames.Add(module.Describe(function));
        }

        frames.AddRange(suspended);
        return frames;
    }
}
