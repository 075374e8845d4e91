using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Fermata.Runtime;

/// <summary>Finds the WebAssembly functions in the stack trace of a .NET exception.</summary>
internal static class WasmTrace
{
    // A runaway recursion has many thousand frames; a message shows where it was and where it came from.
    private const int InnermostShown = 20;
    private const int OutermostShown = 10;

    /// <summary>The functions through which the exception came, innermost first.</summary>
    /// <remarks>
    /// A .NET trace lacks what the JIT inlined, and what made a call in place of its return. So functions that may be active when a trap occurs
    /// are compiled as not to be inlined (<see cref="Compilation.SuspensionAnalysis.IsInTraces"/>), for which the JIT does neither.
    /// </remarks>
    public static List<WasmFrame> Of(Exception? exception)
    {
        var frames = new List<WasmFrame>();
        if (exception is null)
            return frames;
        foreach (var frame in new StackTrace(exception).GetFrames())
        {
            if (ModuleCode.Find(frame.GetMethod()) is not var (module, function) || !module.HasFunction(function))
                continue;
            if (frames.Count == 0)
                frames.AddRange(InlinedAt(frame, function, exception).Select(module.Describe));
            frames.Add(module.Describe(function));
        }

        return frames;
    }

    /// <summary>The functions that are inlined where an exception was raised, innermost first. They call nothing, so there are none in outer frames.</summary>
    private static IEnumerable<int> InlinedAt(StackFrame frame, int function, Exception exception)
    {
        if (ModuleCode.FindInlined(frame.GetMethod()!, function) is not { } calls)
            return [];
        return exception is TrapException trap ? calls.ActiveIn(trap.InlinedActivation) : calls.ActiveAt(frame.GetILOffset());
    }

    /// <summary>
    /// Whether code of a module itself raised the exception. Code tests references before it uses them, so that null ones that .NET finds there are faults of guard pages; those of
    /// a host function began in the host.
    /// </summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "the methods that are looked for are made at run time")]
    public static bool BeganInCode(NullReferenceException exception) => ModuleCode.Find(exception.TargetSite) is not null;

    /// <summary>A line for each frame, after a line break; of very many the innermost and the outermost. Empty if there is none.</summary>
    public static string Lines(IReadOnlyList<WasmFrame> stack)
    {
        var text = new StringBuilder();
        for (int i = 0; i < stack.Count; i++)
        {
            if (i == InnermostShown && stack.Count > InnermostShown + OutermostShown)
            {
                int last = stack.Count - OutermostShown;
                text.Append($"\n  ... {last - i} more");
                i = last;
            }
            text.Append("\n  at ").Append(stack[i]);
        }
        return text.ToString();
    }
}
