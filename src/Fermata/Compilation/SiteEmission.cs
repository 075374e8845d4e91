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

    /// <summary>Cold, after a call that did not return: goes to the handler of what it threw, else on to <see cref="Save"/>.</summary>
    public required Label Unwind { get; init; }

    /// <summary>The handler around; null if there is none.</summary>
    public required ExceptionHandler? Handler { get; init; }

    /// <summary>Cold: saves the frame and returns.</summary>
    public required Label Save { get; init; }

    /// <summary>What the frame keeps, in its order.</summary>
    public required Variable[] Live { get; init; }

    public required Variable[] Results { get; init; }

    public required ValType[] ResultTypes { get; init; }
}
