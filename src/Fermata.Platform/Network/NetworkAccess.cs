using System.Net;
using System.Net.Sockets;

namespace Fermata.Platform.Network;

/// <summary>The network as one program has it: a policy, and what names were resolved to for this program.</summary>
internal sealed class NetworkAccess(NetworkPolicy policy)
{
    /// <summary>So many answers are remembered, the latest.</summary>
    private const int MostAnswers = 1000;

    private readonly Lock _lock = new();
    private readonly Queue<(string Name, IPAddress[] Addresses)> _answers = [];

    public Func<IPEndPoint, CancellationToken, ValueTask<Socket>>? Dialer => policy.Dialer;

    public bool MayListen(IPEndPoint address, TransportProtocols protocol) => policy.MayListen(address, protocol);

    public bool MayConnect(IPEndPoint address, TransportProtocols protocol)
    {
        var target = PublicAddresses.Target(address.Address);
        lock (_lock)
            return policy.MayConnect(address, protocol, _answers.Where(answer => Array.Exists(answer.Addresses, target.Equals)).Select(answer => answer.Name));
    }

    /// <summary>Finds the addresses of a name; that of an address is itself.</summary>
    /// <returns><see cref="Errno.EACCES"/> if the name is not allowed, <see cref="Errno.ENOENT"/> if there is none, <see cref="Errno.EAGAIN"/> if nobody knows just now.</returns>
    public async ValueTask<Result<IPAddress[]>> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(name, out var address))
            return new[] { address };
        if (HostPattern.Normalize(name) is not { } host)
            return Errno.ENOENT;
        if (!policy.MayResolve(host))
            return Errno.EACCES;
        try
        {
            var addresses = await policy.Resolver(host, cancellationToken).ConfigureAwait(false);
            Remember(host, addresses);
            return addresses;
        }
        catch (SocketException e)
        {
            return SocketErrors.ToErrno(e.SocketErrorCode);
        }
    }

    /// <summary>Notes the addresses that a name allows: those of the Internet, and those of this machine for the names that it has.</summary>
    private void Remember(string name, IPAddress[] addresses)
    {
        var isLocal = name == "localhost" || name.EndsWith(".localhost", StringComparison.Ordinal);
        var targets = Array.ConvertAll(addresses, PublicAddresses.Target);
        var allowed = Array.FindAll(targets, target => isLocal ? IPAddress.IsLoopback(target) : PublicAddresses.Contains(target));
        lock (_lock)
        {
            if (allowed.Length == 0 || _answers.Any(answer => answer.Name == name && allowed.All(answer.Addresses.Contains)))
                return;
            if (_answers.Count == MostAnswers)
                _answers.Dequeue();
            _answers.Enqueue((name, allowed));
        }
    }
}
