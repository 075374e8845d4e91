using System.Net;
using System.Net.Sockets;

namespace Fermata.Platform.Network;

/// <summary>Connects to hosts by their names, for a client of the host's that acts for a program: each connection is asked about when it is made, with the addresses that it goes to.</summary>
internal sealed class HostDialer(NetworkPolicy policy)
{
    /// <summary>Whether the policy has a rule of connecting for a host, as it is written: a name, or an address. To what a name leads is not asked.</summary>
    public bool MayConnect(string host, int port) => IPAddress.TryParse(host, out var address)
        ? policy.MayConnect(new IPEndPoint(address, port), TransportProtocols.Tcp, [])
        : HostPattern.Normalize(host) is { } name && policy.MayConnect(name, port, TransportProtocols.Tcp);

    /// <summary>Connects to the first address of a host that is allowed and answers.</summary>
    /// <exception cref="SocketException">None is allowed, with <see cref="SocketError.AccessDenied"/>, or none answers.</exception>
    public async ValueTask<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        // What it learns of names is forgotten with the connection: no other name's answer allows it.
        var access = new NetworkAccess(policy);
        if (!(await access.ResolveAsync(host, cancellationToken).ConfigureAwait(false)).TryGet(out var addresses, out var error))
            throw new SocketException((int)(error switch { Errno.EACCES => SocketError.AccessDenied, Errno.EAGAIN => SocketError.TryAgain, _ => SocketError.HostNotFound }));
        var failure = new SocketException((int)SocketError.AccessDenied);
        foreach (var target in addresses.Select(address => new IPEndPoint(address, port)).Where(target => access.MayConnect(target, TransportProtocols.Tcp)))
        {
            try
            {
                return policy.Dialer is { } dialer ? await dialer(target, cancellationToken).ConfigureAwait(false) : await ConnectAsync(target, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                failure = e;
            }
        }

        throw failure;
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
