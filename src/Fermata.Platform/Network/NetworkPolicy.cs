using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Fermata.Platform.Network;

/// <summary>Says what sandboxed programs may do with networks: nothing, but for what is allowed here.</summary>
/// <remarks>
/// <para>
/// A host is <c>*</c> (any), an address (<c>10.0.0.1</c>, <c>::1</c>), a range of addresses (<c>10.0.0.0/8</c>), a name (<c>example.com</c>), or all names below one
/// (<c>*.example.com</c>, which <c>example.com</c> itself does not fit).
/// </para>
/// <para>
/// Programs connect to addresses. A name that may be connected to allows the addresses that the program was told when it resolved this name, and of these only public ones:
/// whoever answers for a name cannot open the way to <c>127.0.0.1</c>, a private network or <c>169.254.169.254</c>. Allow such an address, or its range, itself. Only
/// <c>localhost</c> and names below it allow the addresses of this machine (RFC 6761).
/// </para>
/// <para>One policy serves for any number of programs. What is allowed while they run is allowed from then on.</para>
/// </remarks>
public sealed class NetworkPolicy
{
    private ImmutableArray<NetworkRule> _connecting = [];
    private ImmutableArray<NetworkRule> _listening = [];
    private ImmutableArray<HostPattern> _resolving = [];

    /// <summary>Finds the addresses of a name, already allowed; <see cref="Dns"/> if nothing is said.</summary>
    internal Func<string, CancellationToken, ValueTask<IPAddress[]>> Resolver { get; private set; } =
        static async (name, token) => await Dns.GetHostAddressesAsync(name, token).ConfigureAwait(false);

    /// <summary>Makes connections of TCP, already allowed; null if the system does.</summary>
    internal Func<IPEndPoint, CancellationToken, ValueTask<Socket>>? Dialer { get; private set; }

    /// <summary>Allows everything, as for a program of one's own: any connection, any listening, any name.</summary>
    public NetworkPolicy AllowAll() => AllowConnect("*").AllowListen("*").AllowResolve("*");

    /// <summary>Allows to connect to a host, and to send datagrams to it. A name may then be resolved, too; with <c>*</c> any name.</summary>
    /// <param name="host">The host, as the remarks of this class say.</param>
    /// <param name="port">The port; any if it is null.</param>
    /// <param name="protocols">The protocols.</param>
    /// <exception cref="ArgumentException">The host is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is not from 0 to 65,535.</exception>
    public NetworkPolicy AllowConnect(string host, int? port = null, TransportProtocols protocols = TransportProtocols.All)
    {
        var rule = NetworkRule.Create(HostPattern.Parse(host), port, protocols);
        ImmutableInterlocked.Update(ref _connecting, static (rules, rule) => rules.Add(rule), rule);
        return this;
    }

    /// <summary>Allows to bind to an address of this machine, and so to listen there for connections or datagrams, from wherever they come.</summary>
    /// <remarks>A program that binds to all addresses, <c>0.0.0.0</c> or <c>::</c>, needs a rule that has this address in it.</remarks>
    /// <param name="address">An address, a range of addresses, or <c>*</c> for any.</param>
    /// <param name="port">The port; any if it is null, also 0, for which the system takes a free one.</param>
    /// <param name="protocols">The protocols.</param>
    /// <exception cref="ArgumentException">It is no address.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is not from 0 to 65,535.</exception>
    public NetworkPolicy AllowListen(string address, int? port = null, TransportProtocols protocols = TransportProtocols.All)
    {
        var host = HostPattern.Parse(address);
        if (!host.IsAddress && !host.IsAny)
            throw new ArgumentException($"'{address}' is a name, and programs listen on addresses: allow 127.0.0.1, ::1, a range (10.0.0.0/8) or *.", nameof(address));
        var rule = NetworkRule.Create(host, port, protocols);
        ImmutableInterlocked.Update(ref _listening, static (rules, rule) => rules.Add(rule), rule);
        return this;
    }

    /// <summary>Allows to resolve a name, and nothing more.</summary>
    /// <param name="name">The name, <c>*.</c> and a name, or <c>*</c> for any.</param>
    /// <exception cref="ArgumentException">It is no name.</exception>
    public NetworkPolicy AllowResolve(string name)
    {
        var pattern = HostPattern.Parse(name);
        if (pattern.IsAddress)
            throw new ArgumentException($"'{name}' is an address, which needs no resolving: AllowConnect is for addresses.", nameof(name));
        ImmutableInterlocked.Update(ref _resolving, static (patterns, pattern) => patterns.Add(pattern), pattern);
        return this;
    }

    /// <summary>Sets who resolves names, instead of the system.</summary>
    /// <param name="resolver">Gives the addresses of a name that is allowed, in ASCII and lower case. A <see cref="SocketException"/> tells why it cannot.</param>
    public NetworkPolicy WithResolver(Func<string, CancellationToken, ValueTask<IPAddress[]>> resolver)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        Resolver = resolver;
        return this;
    }

    /// <summary>Sets who makes connections of TCP, instead of the system: for a proxy, or for tests.</summary>
    /// <param name="dialer">
    /// Gives a connected socket for an address that is allowed; the program owns it from then on. A <see cref="SocketException"/> tells why it cannot.
    /// </param>
    public NetworkPolicy WithDialer(Func<IPEndPoint, CancellationToken, ValueTask<Socket>> dialer)
    {
        ArgumentNullException.ThrowIfNull(dialer);
        Dialer = dialer;
        return this;
    }

    internal bool MayListen(IPEndPoint address, TransportProtocols protocol) =>
        _listening.Any(rule => rule.Covers(address.Port, protocol) && rule.Host.Matches(PublicAddresses.Unmap(address.Address)));

    internal bool MayResolve(string name) => _resolving.Any(pattern => pattern.Matches(name)) || _connecting.Any(rule => rule.Host.Matches(name));

    /// <summary>Whether a name may be connected to, wherever it leads.</summary>
    /// <param name="name">The name, normalized.</param>
    /// <param name="port">The port.</param>
    /// <param name="protocol">The protocol.</param>
    internal bool MayConnect(string name, int port, TransportProtocols protocol) => _connecting.Any(rule => rule.Covers(port, protocol) && rule.Host.Matches(name));

    /// <summary>Whether an address may be connected to.</summary>
    /// <param name="address">The address.</param>
    /// <param name="protocol">The protocol.</param>
    /// <param name="names">The names that allow this address, where they are allowed.</param>
    internal bool MayConnect(IPEndPoint address, TransportProtocols protocol, IEnumerable<string> names)
    {
        var target = PublicAddresses.Target(address.Address);
        return _connecting.Any(rule => rule.Covers(address.Port, protocol) && (rule.Host.Matches(target) || names.Any(name => rule.Host.Matches(name))));
    }
}
