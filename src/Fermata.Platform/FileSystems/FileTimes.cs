namespace Fermata.Platform.FileSystems;

/// <summary>Times to be set, in nanoseconds since the beginning of 1970, UTC; one that is null stays as it is.</summary>
/// <param name="Access">When the file was last read.</param>
/// <param name="Modification">When its content last changed.</param>
public readonly record struct FileTimes(long? Access, long? Modification);
