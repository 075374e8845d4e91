using System.Net.Sockets;

namespace Fermata.Platform.Network;

/// <summary>The connections of a socket that listens.</summary>
/// <remarks>
/// .NET tells of a connection only by accepting it. So one accept serves all who wait, for as long as anybody does, and what it gives stays here for whoever takes it: who
/// stops waiting loses nothing.
/// </remarks>
internal sealed class ConnectionQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Socket _listener;
    private readonly LinkedList<Socket> _connections = [];
    private readonly SharedWait _accept;
    private bool _isDisposed;

    public ConnectionQueue(Socket listener)
    {
        _listener = listener;
        _accept = new SharedWait(AcceptAsync);
    }

    /// <summary>Takes a connection if there is one.</summary>
    /// <returns><see cref="Errno.EAGAIN"/> if there is none.</returns>
    public Result<Socket> TryTake()
    {
        lock (_lock)
        {
            if (_connections.First is { } first)
            {
                _connections.RemoveFirst();
                return first.Value;
            }
        }

        try
        {
            // An exception for each time that there is none would be expensive.
            return _listener.Poll(TimeSpan.Zero, SelectMode.SelectRead) ? _listener.Accept() : Errno.EAGAIN;
        }
        catch (Exception e) when (SocketErrors.Of(e) is { } error)
        {
            return error;
        }
    }

    /// <summary>Gives a connection back, for whoever takes the next.</summary>
    public void Return(Socket connection) => Add(connection);

    /// <summary>Whether there is one, at this moment.</summary>
    public bool HasConnection()
    {
        lock (_lock)
        {
            if (_connections.Count > 0)
                return true;
        }

        return _listener.Poll(TimeSpan.Zero, SelectMode.SelectRead);
    }

    /// <summary>Waits until there is a connection, which another may take first.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _accept.WaitAsync(HasConnection, cancellationToken);

    public void Dispose()
    {
        Socket[] rest;
        lock (_lock)
        {
            _isDisposed = true;
            rest = [.. _connections];
            _connections.Clear();
        }

        foreach (var connection in rest)
            connection.Dispose();
    }

    private async Task AcceptAsync(CancellationToken cancellationToken) => Add(await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false));

    private void Add(Socket connection)
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _connections.AddLast(connection);
                connection = null!;
            }
        }

        connection?.Dispose();
        _accept.Signal();
    }
}
