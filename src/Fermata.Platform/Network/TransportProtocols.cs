namespace Fermata.Platform.Network;

/// <summary>Protocols over IP.</summary>
[Flags]
public enum TransportProtocols
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Connections, RFC 9293.</summary>
    Tcp = 1,

    /// <summary>Datagrams, RFC 768.</summary>
    Udp = 2,

    /// <summary>Both.</summary>
    All = Tcp | Udp,
}
