namespace Fermata.Wasi;

/// <summary>Where a descriptor is from, so that a snapshot can tell.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Name">The name of the stream, the directory or the socket that the host has given.</param>
/// <param name="Path">What was opened in the directory, as <see cref="Platform.FileSystems.PathWalk.Path"/> has it; empty for the directory itself.</param>
internal sealed record DescriptorSource(SourceKind Kind, string Name, string Path = "")
{
    /// <summary>Where a file is from that is opened in this directory.</summary>
    public DescriptorSource Enter(string path) => new(SourceKind.File, Name, path == "/" ? Path : Path + path);
}

/// <summary>What a descriptor is of.</summary>
internal enum SourceKind : byte
{
    /// <summary>A stream, a directory or a socket that the host has given.</summary>
    Given,

    /// <summary>A directory that the program has opened.</summary>
    Directory,

    /// <summary>A file that the program has opened.</summary>
    File,
}
