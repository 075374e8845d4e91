using System.Net;

namespace Fermata.Platform.Network;

/// <summary>Something that a policy allows.</summary>
/// <param name="Host">The host.</param>
/// <param name="Port">Its port; null for any.</param>
/// <param name="Protocols">The protocols.</param>
internal readonly record struct NetworkRule(HostPattern Host, int? Port, TransportProtocols Protocols)
{
    public static NetworkRule Create(HostPattern host, int? port, TransportProtocols protocols)
    {
        if (port is { } number)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(number, IPEndPoint.MinPort, nameof(port));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(number, IPEndPoint.MaxPort, nameof(port));
        }

        return new NetworkRule(host, port, protocols);
    }

    /// <summary>Whether a port and a protocol fit.</summary>
    public bool Covers(int port, TransportProtocols protocol) => (Port ?? port) == port && (Protocols & protocol) != 0;
}
