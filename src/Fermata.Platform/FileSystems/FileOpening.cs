namespace Fermata.Platform.FileSystems;

/// <summary>How a file is opened.</summary>
[Flags]
public enum FileOpening
{
    /// <summary>It may be neither read nor written.</summary>
    None = 0,

    /// <summary>It may be read.</summary>
    Read = 1,

    /// <summary>It may be written.</summary>
    Write = 2,

    /// <summary>It is made if it is not there.</summary>
    Create = 4,

    /// <summary>With <see cref="Create"/>: it must not be there (<see cref="Errno.EEXIST"/>).</summary>
    Exclusive = 8,

    /// <summary>With <see cref="Write"/>: its content is dropped. <see cref="Errno.EINVAL"/> without it.</summary>
    Truncate = 16,
}
