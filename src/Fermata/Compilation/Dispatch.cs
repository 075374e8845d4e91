using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>The way from the head of a loop to the call sites in it (see <see cref="ResumeDispatch"/>).</summary>
internal sealed class Dispatch(Label head, Label table, Dispatch? outer, int loopDepth)
{
    /// <summary>The head.</summary>
    public Label Head { get; } = head;

    /// <summary>The cold code that branches on to a call site or to the next head inside.</summary>
    public Label Table { get; } = table;

    /// <summary>The loop around this one.</summary>
    public Dispatch? Outer { get; } = outer;

    /// <summary>How many loops there are, this one and those around it.</summary>
    public int LoopDepth { get; } = loopDepth;

    /// <summary>The number of the first call site inside.</summary>
    public int FirstSite { get; set; }

    /// <summary>For each call site from the first one, where the table leads.</summary>
    public List<Label> Targets { get; } = [];
}
