using System.Collections.Frozen;
using System.Net.Sockets;

namespace Fermata.Platform.Network;

/// <summary>The errors of .NET's sockets, as POSIX names them: all, as it depends on the system which of them there are.</summary>
internal static class SocketErrors
{
    private static readonly FrozenDictionary<SocketError, Errno> Errors = new Dictionary<SocketError, Errno>
    {
        [SocketError.Success] = Errno.None,
        [SocketError.AccessDenied] = Errno.EACCES,
        [SocketError.AddressAlreadyInUse] = Errno.EADDRINUSE,
        [SocketError.AddressFamilyNotSupported] = Errno.EAFNOSUPPORT,
        [SocketError.AddressNotAvailable] = Errno.EADDRNOTAVAIL,
        [SocketError.AlreadyInProgress] = Errno.EALREADY,
        [SocketError.ConnectionAborted] = Errno.ECONNABORTED,
        [SocketError.ConnectionRefused] = Errno.ECONNREFUSED,
        [SocketError.ConnectionReset] = Errno.ECONNRESET,
        [SocketError.DestinationAddressRequired] = Errno.EDESTADDRREQ,
        [SocketError.HostDown] = Errno.EHOSTUNREACH,
        [SocketError.HostNotFound] = Errno.ENOENT,
        [SocketError.HostUnreachable] = Errno.EHOSTUNREACH,
        [SocketError.InProgress] = Errno.EINPROGRESS,
        [SocketError.InvalidArgument] = Errno.EINVAL,
        [SocketError.IsConnected] = Errno.EISCONN,
        [SocketError.MessageSize] = Errno.EMSGSIZE,
        [SocketError.NetworkDown] = Errno.ENETDOWN,
        [SocketError.NetworkReset] = Errno.ENETRESET,
        [SocketError.NetworkUnreachable] = Errno.ENETUNREACH,
        [SocketError.NoBufferSpaceAvailable] = Errno.ENOBUFS,
        [SocketError.NoData] = Errno.ENOENT,
        [SocketError.NoRecovery] = Errno.EIO,
        [SocketError.NotConnected] = Errno.ENOTCONN,
        [SocketError.OperationAborted] = Errno.ECANCELED,
        [SocketError.OperationNotSupported] = Errno.ENOTSUP,
        [SocketError.ProtocolNotSupported] = Errno.EPROTONOSUPPORT,
        [SocketError.ProtocolOption] = Errno.ENOPROTOOPT,
        [SocketError.Shutdown] = Errno.EPIPE,
        [SocketError.TimedOut] = Errno.ETIMEDOUT,
        [SocketError.TooManyOpenSockets] = Errno.EMFILE,
        [SocketError.TryAgain] = Errno.EAGAIN,
        [SocketError.WouldBlock] = Errno.EAGAIN,
    }.ToFrozenDictionary();

    public static Errno ToErrno(SocketError error) => Errors.GetValueOrDefault(error, Errno.EIO);

    /// <summary>The error that an exception of a socket tells; null if that is none.</summary>
    public static Errno? Of(Exception exception) => exception switch
    {
        SocketException e => ToErrno(e.SocketErrorCode),
        ObjectDisposedException => Errno.EBADF,
        PlatformNotSupportedException or NotSupportedException => Errno.ENOTSUP,
        InvalidOperationException or ArgumentException => Errno.EINVAL,
        _ => null,
    };
}
