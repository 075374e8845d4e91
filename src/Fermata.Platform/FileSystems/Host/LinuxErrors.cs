using System.Runtime.InteropServices;

namespace Fermata.Platform.FileSystems;

/// <summary>The numbers of errors on Linux (include/uapi/asm-generic/errno.h).</summary>
/// <remarks>
/// All that preview 1 has a name for: which of them a call gives depends on the file system. One of a network, or of a program (FUSE), passes on what it meets, such as
/// ENOTCONN and ECONNABORTED if its server is gone.
/// </remarks>
internal static class LinuxErrors
{
    public const int Interrupted = 4;
    public const int WouldBlock = 11;

    private static readonly Dictionary<int, Errno> Errors = new (int Number, Errno Error)[]
    {
        (1, Errno.EPERM), (2, Errno.ENOENT), (3, Errno.ESRCH), (Interrupted, Errno.EINTR), (5, Errno.EIO), (6, Errno.ENXIO), (7, Errno.E2BIG),
        (8, Errno.ENOEXEC), (9, Errno.EBADF), (10, Errno.ECHILD), (WouldBlock, Errno.EAGAIN), (12, Errno.ENOMEM), (13, Errno.EACCES),
        (14, Errno.EFAULT), (16, Errno.EBUSY), (17, Errno.EEXIST), (18, Errno.EXDEV), (19, Errno.ENODEV), (20, Errno.ENOTDIR), (21, Errno.EISDIR),
        (22, Errno.EINVAL), (23, Errno.ENFILE), (24, Errno.EMFILE), (25, Errno.ENOTTY), (26, Errno.ETXTBSY), (27, Errno.EFBIG), (28, Errno.ENOSPC),
        (29, Errno.ESPIPE), (30, Errno.EROFS), (31, Errno.EMLINK), (32, Errno.EPIPE), (33, Errno.EDOM), (34, Errno.ERANGE), (35, Errno.EDEADLK),
        (36, Errno.ENAMETOOLONG), (37, Errno.ENOLCK), (38, Errno.ENOSYS), (39, Errno.ENOTEMPTY), (40, Errno.ELOOP), (42, Errno.ENOMSG),
        (43, Errno.EIDRM), (67, Errno.ENOLINK), (71, Errno.EPROTO), (72, Errno.EMULTIHOP), (74, Errno.EBADMSG), (75, Errno.EOVERFLOW),
        (84, Errno.EILSEQ), (88, Errno.ENOTSOCK), (89, Errno.EDESTADDRREQ), (90, Errno.EMSGSIZE), (91, Errno.EPROTOTYPE), (92, Errno.ENOPROTOOPT),
        (93, Errno.EPROTONOSUPPORT), (95, Errno.ENOTSUP), (97, Errno.EAFNOSUPPORT), (98, Errno.EADDRINUSE), (99, Errno.EADDRNOTAVAIL),
        (100, Errno.ENETDOWN), (101, Errno.ENETUNREACH), (102, Errno.ENETRESET), (103, Errno.ECONNABORTED), (104, Errno.ECONNRESET),
        (105, Errno.ENOBUFS), (106, Errno.EISCONN), (107, Errno.ENOTCONN), (110, Errno.ETIMEDOUT), (111, Errno.ECONNREFUSED),
        (113, Errno.EHOSTUNREACH), (114, Errno.EALREADY), (115, Errno.EINPROGRESS), (116, Errno.ESTALE), (122, Errno.EDQUOT), (125, Errno.ECANCELED),
        (130, Errno.EOWNERDEAD), (131, Errno.ENOTRECOVERABLE),
    }.ToDictionary(pair => pair.Number, pair => pair.Error);

    /// <summary>The number of what went wrong in the last call.</summary>
    public static int LastNumber => Marshal.GetLastPInvokeError();

    /// <summary>What went wrong in the last call.</summary>
    public static Errno Last => ToErrno(LastNumber);

    /// <summary>The error of a number; one that programs do not know is <see cref="Errno.EIO"/>.</summary>
    public static Errno ToErrno(int number) => Errors.GetValueOrDefault(number, Errno.EIO);
}
