using System.Reflection.Emit;
using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>A call site while its function is compiled: its labels, and what is live at it.</summary>
internal sealed class SiteEmission
{
    public required CallSite Info { get; init; }

    /// <summary>The number of the site in its function.</summary>
    public required int Index { get; init; }

    /// <summary>What a frame that is saved here begins with.</summary>
    public required ulong Header { get; init; }

    /// <summary>After a call: its first result is in its variable, and it is tested whether the call was suspended.</summary>
    public required Label Test { get; init; }

    /// <summary>Cold, where the function is suspended: goes to the handler of what the call threw, else saves the frame and returns.</summary>
    public required Label Unwind { get; init; }

    /// <summary>The handler around; null if there is none.</summary>
    public required ExceptionHandler? Handler { get; init; }

    /// <summary>Cold, where the function is interrupted by itself and not in a call; null after a call.</summary>
    public Label? Stop { get; init; }

    /// <summary>What the frame keeps.</summary>
    public required FrameNode Frame { get; init; }

    public required Variable[] Results { get; init; }

    public required ValType[] ResultTypes { get; init; }

    /// <summary>The types of the references in the frame.</summary>
    public required ValType[] ReferenceTypes { get; init; }
}
