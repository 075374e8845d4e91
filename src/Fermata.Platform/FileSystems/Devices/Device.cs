namespace Fermata.Platform.FileSystems;

/// <summary>A character device: what comes out of it, and where that goes which is written to it.</summary>
/// <param name="Name">Its name in <c>/dev</c>.</param>
/// <param name="Major">Its major number.</param>
/// <param name="Minor">Its minor number.</param>
/// <param name="Input">What is read; null if nothing can be.</param>
/// <param name="Output">Where it is written to; null if it cannot be.</param>
/// <param name="NeedsTerminal">Whether it cannot be opened but where its streams are a terminal.</param>
internal sealed record Device(string Name, byte Major, byte Minor, InputStream? Input, OutputStream? Output, bool NeedsTerminal = false)
{
    /// <summary>Whether one of its streams is a terminal.</summary>
    public bool IsTerminal => Input is { IsTerminal: true } || Output is { IsTerminal: true };

    /// <summary>Why it cannot be opened; <see cref="Errno.None"/> if it can.</summary>
    public Errno Check(FileOpening opening)
    {
        if (opening.Check() is not Errno.None and var senseless)
            return senseless;
        if (opening.HasFlag(FileOpening.Create | FileOpening.Exclusive))
            return Errno.EEXIST;
        var isPossible = (Input is not null || !opening.HasFlag(FileOpening.Read)) && (Output is not null || !opening.HasFlag(FileOpening.Write));
        return !isPossible ? Errno.EACCES : NeedsTerminal && !IsTerminal ? Errno.ENXIO : Errno.None;
    }
}
