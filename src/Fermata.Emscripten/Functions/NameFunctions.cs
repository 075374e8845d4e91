using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fermata.Emscripten.Abi;
using Fermata.Platform;
using Fermata.Wasi;
using Fermata.Wasi.Functions;
using SocketNumbers = Fermata.Emscripten.Abi.SocketNumbers;

namespace Fermata.Emscripten.Functions;

/// <summary>Names of hosts, services and protocols. The network of the host resolves names, as far as its policy allows; addresses need none.</summary>
internal static class NameFunctions
{
    private const int AnyFamily = 0;

    /// <summary>Flags of <c>getnameinfo</c>: the host as a number, and an error if it has no name.</summary>
    private const int NumericHost = 1, NameRequired = 8;

    /// <summary><c>INADDR_NONE</c>.</summary>
    private const int NoAddress = -1;

    public static async ValueTask<Lookup> GetAddrInfo(Caller caller, int node, int service, int hints, int result, CancellationToken cancellationToken)
    {
        var (name, serviceName) = (GuestText.Read(caller, node), GuestText.Read(caller, service));
        var hint = hints == 0 ? default : caller.Read<AddrInfo>(hints);
        if (Check(hint, name, serviceName) is not NameError.None and var error)
            return new Lookup(error);
        var isNumeric = (hint.Flags & AddrInfoFlags.NumericService) != 0;
        if ((isNumeric ? ServicePorts.Parse(serviceName ?? "0") : ServicePorts.Find(serviceName ?? "")) is not { } port)
            return new Lookup(isNumeric ? NameError.NoName : NameError.Service);
        if (name is null)
            return new Lookup(NameError.None, [new IPEndPoint(AddressOfNoName(hint), port)], TypeOf(hint));
        if ((hint.Flags & AddrInfoFlags.NumericHost) != 0 && !IPAddress.TryParse(name, out _))
            return new Lookup(NameError.NoName);
        var (failure, addresses) = await ResolveAsync(WasiContext.Of(caller), name, hint.Family, cancellationToken).ConfigureAwait(false);
        return failure != NameError.None ? new Lookup(failure)
            : new Lookup(
                NameError.None, Array.ConvertAll(addresses, address => new IPEndPoint(address, port)), TypeOf(hint),
                (hint.Flags & AddrInfoFlags.CanonicalName) != 0 ? name : null);
    }

    public static int CompleteGetAddrInfo(Caller caller, Lookup lookup, int node, int service, int hints, int result)
    {
        if (lookup.Error != NameError.None)
            return (int)lookup.Error;
        var list = AddressList.Allocate(caller, lookup.Addresses, lookup.Type, lookup.CanonicalName);
        if (list == 0)
            return (int)NameError.NoMemory;
        caller.Write(result, list);
        return 0;
    }

    /// <summary>Hosts are told by their addresses, as nobody is asked for their names.</summary>
    public static int GetNameInfo(Caller caller, int address, int length, int node, int nodeLength, int service, int serviceLength, int flags)
    {
        if (!SockAddr.Read(caller, address, length).TryGet(out var end))
            return (int)NameError.Family;
        if (node != 0 && nodeLength != 0 && (flags & (NumericHost | NameRequired)) == NameRequired)
            return (int)NameError.NoName;
        var (hasNode, hasService) = (TryWrite(caller, node, nodeLength, end.Address.ToString()), TryWrite(caller, service, serviceLength, end.Port.ToString(CultureInfo.InvariantCulture)));
        return (int)(hasNode && hasService ? NameError.None : NameError.Overflow);
    }

    /// <summary>The address of IPv4 that a name has, in the order of the network; that of none if there is none.</summary>
    public static async ValueTask<int> LookupName(Caller caller, int name, CancellationToken cancellationToken)
    {
        var (error, addresses) = await ResolveAsync(WasiContext.Of(caller), GuestText.Read(caller, name) ?? "", SocketNumbers.Inet4, cancellationToken).ConfigureAwait(false);
        return error == NameError.None ? BinaryPrimitives.ReadInt32LittleEndian(addresses[0].GetAddressBytes()) : NoAddress;
    }

    public static int GetProtoByName(Caller caller, int name) => EmscriptenContext.Of(caller).Protocols.Find(caller, GuestText.Read(caller, name));

    public static int GetProtoByNumber(Caller caller, int number) => EmscriptenContext.Of(caller).Protocols.Find(caller, number);

    private static NameError Check(in AddrInfo hint, string? name, string? service) =>
        name is null && service is null ? NameError.NoName
        : (hint.Flags & ~AddrInfoFlags.All) != 0 || (name is null && (hint.Flags & AddrInfoFlags.CanonicalName) != 0) ? NameError.BadFlags
        : hint.Type is not (0 or SocketNumbers.Stream or SocketNumbers.Datagram) ? NameError.SocketType
        : hint.Family is not (AnyFamily or SocketNumbers.Inet4 or SocketNumbers.Inet6) ? NameError.Family
        : hint.Protocol != 0 && hint.Protocol != SocketNumbers.ProtocolOf(TypeOf(hint)) ? NameError.Service
        : NameError.None;

    /// <summary>The type of the sockets for which addresses are wanted: that of the protocol, or that of streams, if nothing is said.</summary>
    private static int TypeOf(in AddrInfo hint) => hint.Type != 0 ? hint.Type : hint.Protocol == SocketNumbers.Udp ? SocketNumbers.Datagram : SocketNumbers.Stream;

    private static IPAddress AddressOfNoName(in AddrInfo hint) => (hint.Family, hint.Flags & AddrInfoFlags.Passive) switch
    {
        (SocketNumbers.Inet6, AddrInfoFlags.None) => IPAddress.IPv6Loopback,
        (SocketNumbers.Inet6, _) => IPAddress.IPv6Any,
        (_, AddrInfoFlags.None) => IPAddress.Loopback,
        _ => IPAddress.Any,
    };

    /// <summary>Finds the addresses of a name: at least one, if there is no error.</summary>
    private static async ValueTask<(NameError Error, IPAddress[] Addresses)> ResolveAsync(WasiContext context, string name, int family, CancellationToken cancellationToken)
    {
        var resolved = IPAddress.TryParse(name, out var address) ? new[] { address }
            : context.Network is { } network ? await ResolveAsync(network, name, cancellationToken).ConfigureAwait(false)
            : Errno.EACCES;
        if (!resolved.TryGet(out var all))
            return (resolved.Error switch { Errno.ENOENT => NameError.NoName, Errno.EAGAIN => NameError.TryAgain, _ => NameError.Failed }, []);
        var fitting = Array.FindAll(
            all, found => family == AnyFamily ? found.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 : SocketNumbers.Of(found.AddressFamily) == family);
        return (fitting.Length == 0 ? NameError.NoName : NameError.None, fitting);
    }

    private static async ValueTask<Result<IPAddress[]>> ResolveAsync(Platform.Network.NetworkAccess network, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await network.ResolveAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HostCall.ErrorOf(e);
        }
    }

    /// <summary>Writes a text to where there is room for one, if it is wanted; what does not fit is cut off.</summary>
    private static bool TryWrite(Caller caller, int address, int room, string text)
    {
        if (address == 0 || room == 0)
            return true;
        var bytes = Encoding.ASCII.GetBytes(text);
        GuestText.Write(caller, address, (int)Math.Min((uint)room, (uint)bytes.Length + 1), bytes);
        return (uint)room > (uint)bytes.Length;
    }

    /// <summary>The addresses of a name.</summary>
    /// <param name="Error">Why there are none.</param>
    /// <param name="Addresses">The addresses.</param>
    /// <param name="Type">The type of sockets for which they are.</param>
    /// <param name="CanonicalName">The name that is told of the host; null for none.</param>
    internal readonly record struct Lookup(NameError Error, IPEndPoint[]? Addresses = null, int Type = 0, string? CanonicalName = null);
}
