namespace Fermata.Platform.FileSystems;

/// <summary>An entry of a directory.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Inode">The number of the file in its file system.</param>
public readonly record struct DirectoryEntry(string Name, FileKind Kind, ulong Inode);
