namespace Fermata.Platform.FileSystems;

/// <summary>What an overlay knows of a directory that the lower file system has. It keeps its name and its parent until it is removed, since it cannot be renamed.</summary>
internal sealed class OverlayDirectory(OverlayDirectory? parent, string name)
{
    private readonly Dictionary<string, OverlayDirectory> _directories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hidden = new(StringComparer.Ordinal);

    public OverlayDirectory? Parent => parent;

    public string Name => name;

    /// <summary>Whether the upper file system has it, too.</summary>
    public bool HasUpper { get; set; }

    public bool IsRemoved { get; private set; }

    /// <summary>Whether what the lower file system has of a name has been removed.</summary>
    public bool Hides(string entry) => _hidden.Contains(entry);

    /// <summary>What the lower file system has of a name is seen no more, and a directory of that name, which is empty, counts as removed.</summary>
    public void Hide(string entry)
    {
        _hidden.Add(entry);
        if (_directories.Remove(entry, out var removed))
            removed.IsRemoved = true;
    }

    /// <summary>What is known of a directory in it that the lower file system has.</summary>
    public OverlayDirectory Enter(string entry)
    {
        if (!_directories.TryGetValue(entry, out var directory))
            _directories.Add(entry, directory = new OverlayDirectory(this, entry));
        return directory;
    }
}
