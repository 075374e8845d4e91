namespace Fermata.Cli;

/// <summary>A snapshot in a file.</summary>
internal static class SnapshotFile
{
    private static ReadOnlySpan<byte> Magic => "FermSnap"u8;

    /// <summary>Whether a file is one, or was meant to be.</summary>
    public static bool IsSnapshot(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            Span<byte> start = stackalloc byte[Magic.Length];
            return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual(Magic);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>What a snapshot says at its beginning.</summary>
    /// <exception cref="CommandException">The file cannot be read, or is no snapshot.</exception>
    public static SnapshotInfo Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return SnapshotInfo.Read(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SnapshotException)
        {
            throw ModuleFile.ReadingProblem(path, e);
        }
    }

    /// <summary>Where the module is.</summary>
    /// <param name="path">The snapshot.</param>
    /// <param name="run">What it has of the run, if anything.</param>
    /// <param name="module">The path that was given; null if none was.</param>
    /// <exception cref="CommandException">None was given, and the snapshot tells of none.</exception>
    public static string ModuleOf(string path, SavedRun? run, string? module) =>
        module ?? run?.Module ?? throw ModuleFile.Problem(path, "it does not tell where its module is; name it with --module.");
}
