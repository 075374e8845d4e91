namespace Fermata;

/// <summary>The global of a module that points to its C stack (<see cref="ModuleInfo.StackPointer"/>).</summary>
public sealed class StackPointerInfo
{
    internal StackPointerInfo(int globalIndex, string? globalName, StackPointerSource source)
    {
        GlobalIndex = globalIndex;
        GlobalName = globalName;
        Source = source;
    }

    /// <summary>The index of the global.</summary>
    public int GlobalIndex { get; }

    /// <summary>The name under which the global is exported, or that it has in the name section, or under which it is imported; null without one.</summary>
    public string? GlobalName { get; }

    /// <summary>How it was found.</summary>
    public StackPointerSource Source { get; }
}
