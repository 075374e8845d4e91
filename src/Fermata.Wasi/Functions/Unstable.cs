namespace Fermata.Wasi.Functions;

/// <summary>The functions of <c>wasi_unstable</c>: those of preview 1, but for some that have other structures or numbers, and for one that was added later.</summary>
internal static class Unstable
{
    private static readonly HostFunction[] Others =
    [
        new("fd_filestat_get", FileFunctions.FdFilestatGet, FileFunctions.CompleteUnstableFdFilestat),
        new("fd_seek", FileFunctions.UnstableFdSeek, FileFunctions.CompleteSeek),
        new("path_filestat_get", PathFunctions.PathFilestatGet, PathFunctions.CompleteUnstableFilestat),
        new("poll_oneoff", PollFunctions.UnstablePollOneoff, PollFunctions.Complete),
    ];

    public static IEnumerable<HostFunction> Functions =>
        Preview1.Functions.Where(function => function.Name != "sock_accept").Select(function => Array.Find(Others, other => other.Name == function.Name) ?? function);
}
