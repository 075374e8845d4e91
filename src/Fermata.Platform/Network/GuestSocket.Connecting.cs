using System.Net;
using System.Net.Sockets;

namespace Fermata.Platform.Network;

internal sealed partial class GuestSocket
{
    /// <summary>Ends what goes on without a call when the socket is closed.</summary>
    private readonly CancellationTokenSource _end = new();

    /// <summary>The connection that is made, or was; null if none was asked for.</summary>
    private Task<Errno>? _connecting;

    /// <summary>Connects, or sets where datagrams go and come from.</summary>
    /// <remarks>A connection is made further if nobody waits for it any more, as POSIX has it.</remarks>
    /// <returns><see cref="Errno.EINPROGRESS"/> if nobody is to wait, or nobody any longer: the socket is then writable when it is made, and tells whether it failed.</returns>
    public async ValueTask<Errno> ConnectAsync(IPEndPoint address, bool isNonblocking, CancellationToken cancellationToken)
    {
        if (_network?.MayConnect(address, Protocol) != true)
            return Errno.EACCES;
        if (!IsStream)
            return Try(() => _socket.Connect(address));
        Task<Errno> connecting;
        lock (_lock)
        {
            if (_connecting is { IsCompleted: false })
                return Errno.EALREADY;
            if (IsListening || _socket.Connected)
                return Errno.EISCONN;
            connecting = _connecting = DialAsync(address);
        }

        if (isNonblocking)
            return Errno.EINPROGRESS;
        using var limit = SendTimeout?.Begin(cancellationToken);
        if (!await TimeLimit.WaitAsync(limit, connecting.WaitAsync, cancellationToken).ConfigureAwait(false))
            return Errno.EINPROGRESS;
        TakeError();
        return await connecting.ConfigureAwait(false);
    }

    /// <summary>Why the socket failed when nobody was asking, which is told once.</summary>
    public Errno TakeError()
    {
        lock (_lock)
        {
            var error = _error;
            _error = Errno.None;
            return error;
        }
    }

    private async Task<Errno> DialAsync(IPEndPoint address)
    {
        // Nothing of this may run under the lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var error = Errno.None;
        try
        {
            if (_network!.Dialer is not { } dialer)
            {
                await _socket.ConnectAsync(address, _end.Token).ConfigureAwait(false);
            }
            else
            {
                Replace(await dialer(address, _end.Token).ConfigureAwait(false));
            }
        }
        catch (OperationCanceledException)
        {
            error = Errno.ECANCELED;
        }
        catch (Exception e)
        {
            // A dialer is the host's, and may fail with anything.
            error = SocketErrors.Of(e) ?? Errno.EIO;
        }

        if (error != Errno.None)
            NoteError(error);
        return error;
    }

    /// <summary>Puts a socket in the place of the one that was not connected; drops it if the program has closed that meanwhile.</summary>
    private void Replace(Socket dialed)
    {
        dialed.Blocking = false;
        Socket dropped;
        lock (_lock)
        {
            if (_end.IsCancellationRequested)
                dropped = dialed;
            else
                (dropped, _socket) = (_socket, dialed);
        }

        dropped.Dispose();
    }

    private void NoteError(Errno error)
    {
        lock (_lock)
            _error = error;
    }

    /// <summary>Waits until a connection that is being made is made, or not.</summary>
    private Task WaitForConnectionAsync(CancellationToken cancellationToken) =>
        _connecting is { IsCompleted: false } connecting ? connecting.WaitAsync(cancellationToken) : Task.CompletedTask;
}
