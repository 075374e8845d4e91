using System.Runtime.InteropServices;

namespace Fermata.Platform.FileSystems;

/// <summary>Numbers of Linux (include/uapi). On x64 and arm64 they are the same, but for two.</summary>
internal static class LinuxConstants
{
    public const long NanosecondsPerSecond = 1_000_000_000;

    public const int WriteOnly = 0x1;
    public const int ReadWrite = 0x2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NoTerminal = 0x100;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;

    public const int AtNoFollow = 0x100;
    public const int AtRemoveDirectory = 0x200;
    public const int AtEmptyPath = 0x1000;

    /// <summary>STATX_BASIC_STATS.</summary>
    public const uint BasicStatus = 0x7ff;

    /// <summary>UTIME_OMIT.</summary>
    public const long OmitTime = (1 << 30) - 2;

    /// <summary>RWF_APPEND.</summary>
    public const int AppendWrite = 0x10;

    /// <summary>FIONREAD.</summary>
    public const nuint CountOfReadable = 0x541b;

    /// <summary>F_OFD_GETLK and F_OFD_SETLK.</summary>
    public const int GetFileLock = 36, SetFileLock = 37;

    /// <summary>F_DUPFD_CLOEXEC.</summary>
    public const int DuplicateCloseOnExec = 1030;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>The kinds of files by their number in <c>d_type</c>.</summary>
    private static readonly FileKind[] Kinds =
    [
        FileKind.Unknown, FileKind.Pipe, FileKind.CharacterDevice, FileKind.Unknown, FileKind.Directory, FileKind.Unknown, FileKind.BlockDevice, FileKind.Unknown,
        FileKind.File, FileKind.Unknown, FileKind.SymbolicLink, FileKind.Unknown, FileKind.Socket, FileKind.Unknown, FileKind.Unknown, FileKind.Unknown,
    ];

    public static int Directory { get; } = IsArm ? 0x4000 : 0x10000;

    public static int NoFollow { get; } = IsArm ? 0x8000 : 0x20000;

    public static FileKind KindOf(int type) => Kinds[type & 15];
}
