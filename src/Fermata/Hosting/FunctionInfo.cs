namespace Fermata;

/// <summary>A function of a module (<see cref="ModuleInfo.Functions"/>).</summary>
public sealed class FunctionInfo
{
    internal FunctionInfo(int index, string? name, FuncType type, int? codeBytes, bool maySuspend)
    {
        Index = index;
        Name = name;
        Type = type;
        IsImported = codeBytes is null;
        CodeBytes = codeBytes ?? 0;
        MaySuspend = maySuspend;
    }

    /// <summary>Its index.</summary>
    public int Index { get; }

    /// <summary>Its name: that of the name section, or the first under which it is exported; null without one.</summary>
    public string? Name { get; }

    /// <summary>Its parameters and results.</summary>
    public FuncType Type { get; }

    /// <summary>Whether it is imported.</summary>
    public bool IsImported { get; }

    /// <summary>How many bytes its instructions have; 0 if it is imported.</summary>
    public int CodeBytes { get; }

    /// <summary>
    /// Whether a call of it may wait: it is imported, or waits at a shared memory, or calls a function reference or a function that may suspend. What the imports
    /// really are is not known. Interruption, fuel and deep recursion suspend functions that call nothing of the kind, too.
    /// </summary>
    public bool MaySuspend { get; }
}
