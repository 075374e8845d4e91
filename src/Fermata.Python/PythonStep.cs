namespace Fermata.Python;

/// <summary>What came of going on with a generator.</summary>
/// <param name="IsEnd">Whether it has ended.</param>
/// <param name="Value">What it yields, or, at its end, what it returns.</param>
public readonly record struct PythonStep(bool IsEnd, PythonObject Value);
