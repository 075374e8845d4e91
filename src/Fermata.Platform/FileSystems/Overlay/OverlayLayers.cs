namespace Fermata.Platform.FileSystems;

/// <summary>What all handles of an overlay share: the two file systems, what is known of the lower one's directories, and whose turn it is.</summary>
internal sealed class OverlayLayers(FileSystem lower, FileSystem upper)
{
    public FileSystem Lower => lower;

    public FileSystem Upper => upper;

    public OverlayDirectory Root { get; } = new(parent: null, name: "") { HasUpper = true };

    /// <summary>One operation runs at a time.</summary>
    public Turns Turns { get; } = new();
}
