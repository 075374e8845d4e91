using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>
/// The way from a loop's head to the call sites in it. A resume form enters each loop through its head, so that the loop keeps
/// one entry and the JIT still sees a loop.
/// </summary>
internal sealed class LoopDispatch(Label head, Label table, LoopDispatch? outer)
{
    /// <summary>The loop's head.</summary>
    public Label Head { get; } = head;

    /// <summary>The cold code that branches on to a call site or to the head of a loop inside.</summary>
    public Label Table { get; } = table;

    /// <summary>The loop around this one.</summary>
    public LoopDispatch? Outer { get; } = outer;

    /// <summary>The number of the first call site in the loop.</summary>
    public int FirstSite { get; set; }

    /// <summary>For each call site from the first one, where the table leads.</summary>
    public List<Label> Targets { get; } = [];
}
