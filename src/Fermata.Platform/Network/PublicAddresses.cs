using System.Net;
using System.Net.Sockets;

namespace Fermata.Platform.Network;

/// <summary>Tells addresses of the Internet from those of machines and networks of one's own: the special-purpose registries of IANA, RFC 6890.</summary>
internal static class PublicAddresses
{
    /// <summary>The ranges that are not reachable globally.</summary>
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "::/96", "64:ff9b:1::/48", "100::/64", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(range => IPNetwork.Parse(range)),
    ];

    /// <summary>Addresses of IPv4 as IPv6 has them behind a translator, RFC 6052.</summary>
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Whether an address is one of the Internet.</summary>
    public static bool Contains(IPAddress address)
    {
        var plain = Unmap(address);
        if (Translated.Contains(plain))
            plain = new IPAddress(plain.GetAddressBytes().AsSpan(12));
        return !Array.Exists(Special, range => range.Contains(plain));
    }

    /// <summary>An address of IPv4 that is written as one of IPv6, as itself.</summary>
    public static IPAddress Unmap(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Where a connection to an address goes: that to no address goes to this machine.</summary>
    public static IPAddress Target(IPAddress address) => Unmap(address) switch
    {
        { AddressFamily: AddressFamily.InterNetwork } plain => plain.Equals(IPAddress.Any) ? IPAddress.Loopback : plain,
        var plain => plain.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : plain,
    };
}
