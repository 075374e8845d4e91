using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fermata.Platform;

namespace Fermata.Wasi.Functions;

/// <summary>Addresses of WasmEdge's sockets, and those of names.</summary>
internal static class AddressFunctions
{
    private const int Passive = 1 << 0;
    private const int NumericHost = 1 << 2;

    /// <summary>WasmEdge's numbers for the errors of <c>getaddrinfo</c>, which are beyond those of preview 1.</summary>
    private const int TryAgain = 78, Failed = 80, NoMemory = 82, NoName = 84, NoService = 85;

    public static int SockGetlocaladdr(Caller caller, int fd, int address, int type, int port) =>
        WriteEnd(caller, fd, static socket => socket.Socket.GetLocalAddress(), address, type, port);

    public static int SockGetlocaladdrWithoutType(Caller caller, int fd, int address, int port) =>
        WriteEnd(caller, fd, static socket => socket.Socket.GetLocalAddress(), address, null, port);

    public static int SockGetpeeraddr(Caller caller, int fd, int address, int type, int port) =>
        WriteEnd(caller, fd, static socket => socket.Socket.GetPeerAddress(), address, type, port);

    public static int SockGetpeeraddrWithoutType(Caller caller, int fd, int address, int port) =>
        WriteEnd(caller, fd, static socket => socket.Socket.GetPeerAddress(), address, null, port);

    public static async ValueTask<Found> SockGetaddrinfo(
        Caller caller, int node, int nodeLength, int service, int serviceLength, int hints, int results, int most, int result, CancellationToken cancellationToken)
    {
        var hint = caller.Read<AddressInfo>(hints);
        if (!ReadName(caller, node, nodeLength).TryGet(out var name) || !ReadName(caller, service, serviceLength).TryGet(out var serviceName)
            || (name.Length == 0 && serviceName.Length == 0))
        {
            return new Found(NoName);
        }

        if (most <= 0)
            return new Found(NoMemory);
        if (ServicePorts.Find(serviceName) is not { } port)
            return new Found(NoService);
        if (name.Length == 0)
            name = (hint.Flags & Passive) != 0 ? "0.0.0.0" : "127.0.0.1";
        if ((hint.Flags & NumericHost) != 0 && !IPAddress.TryParse(name, out _))
            return new Found(NoName);
        if (WasiContext.Of(caller).Network is not { } network)
            return new Found((int)Errno.EACCES);
        var resolved = await network.ResolveAsync(name, cancellationToken).ConfigureAwait(false);
        if (!resolved.TryGet(out var addresses))
            return new Found(resolved.Error switch { Errno.EACCES => (int)Errno.EACCES, Errno.ENOENT => NoName, Errno.EAGAIN => TryAgain, _ => Failed });
        var family = SocketNumbers.ToFamily(hint.Family);
        var fitting = Array.FindAll(addresses, address => hint.Family == SocketNumbers.Any || (family.TryGet(out var wanted) && address.AddressFamily == wanted));
        return fitting.Length == 0 ? new Found(NoName) : new Found(0, [.. fitting.Select(address => new IPEndPoint(address, port))], hint.Type, hint.Protocol);
    }

    public static int CompleteGetaddrinfo(
        Caller caller, Found found, int node, int nodeLength, int service, int serviceLength, int hints, int results, int most, int result)
    {
        if (found.Error != 0)
            return found.Error;
        var written = 0;
        var entry = caller.Read<uint>(results);
        foreach (var address in found.Addresses!)
        {
            if (written == most || entry == 0)
                break;
            var info = caller.Read<AddressInfo>(entry);
            if (!TryWriteData(caller, info.Address, address))
                continue;
            caller.Write(entry, info with
            {
                Family = SocketNumbers.Of(address.AddressFamily),
                Type = found.Type,
                Protocol = found.Protocol,
                AddressLength = address.AddressFamily == AddressFamily.InterNetwork ? 16u : 28u,
                CanonicalNameLength = 0,
            });
            entry = info.Next;
            written++;
        }

        caller.Write(result, written);
        return 0;
    }

    /// <summary>Writes an address to where a program has room for one; false if it has less.</summary>
    private static bool TryWriteData(Caller caller, uint at, IPEndPoint address)
    {
        // As in C: the port, for IPv6 the flow, the address, and for IPv6 the scope, or zeros.
        var isFour = address.AddressFamily == AddressFamily.InterNetwork;
        var length = isFour ? 14 : 26;
        var data = caller.Read<AddressData>(at);
        if (data.Length < length)
            return false;
        var bytes = caller.GetSpan(data.Data, (uint)length);
        bytes.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)address.Port);
        address.Address.TryWriteBytes(bytes[(isFour ? 2 : 6)..], out _);
        caller.Write(at, data with { Family = SocketNumbers.Of(address.AddressFamily), Length = (uint)length });
        return true;
    }

    /// <summary>Reads a name, which may have zeros at its end.</summary>
    private static Result<string> ReadName(Caller caller, int address, int length) =>
        HostCall.ReadPath(caller, address, length) is var read && read.TryGet(out var name) ? name.TrimEnd('\0') : read.Error;

    private static int WriteEnd(Caller caller, int fd, Func<SocketDescriptor, Result<IPEndPoint>> get, int address, int? type, int port)
    {
        var error = WasmEdgeSocketFunctions.Find(caller, fd, out var socket);
        if (error != Errno.None)
            return (int)error;
        var end = get(socket);
        if (!end.TryGet(out var found))
            return (int)end.Error;
        error = SocketAddress.Write(caller, address, found.Address);
        if (error != Errno.None)
            return (int)error;
        if (type is { } at)
            caller.Write(at, found.AddressFamily == AddressFamily.InterNetwork ? 4 : 6);
        caller.Write(port, found.Port);
        return (int)Errno.None;
    }

    /// <summary>The addresses of a name.</summary>
    /// <param name="Error">The number of the error; zero if there is none.</param>
    /// <param name="Addresses">The addresses.</param>
    /// <param name="Type">The type of socket that the program asked for.</param>
    /// <param name="Protocol">The protocol that the program asked for.</param>
    internal readonly record struct Found(int Error, IPEndPoint[]? Addresses = null, byte Type = 0, byte Protocol = 0);
}
