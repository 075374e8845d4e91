using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Fermata.Samples.Postgres;

/// <summary>
/// Serves a backend on a port of the loopback interface, without encryption and passwords. A backend has one session at a time: who connects while there is one
/// waits until it has ended, and finds nothing of it but what it has committed.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>What is run between two sessions: whatever the first was in the middle of, it ends without effect, and then there are no settings, statements and tables of it.</summary>
    private static readonly byte[] Reset = [.. Messages.Query("ROLLBACK"), .. Messages.Sync, .. Messages.Query("ROLLBACK"), .. Messages.Query("DISCARD ALL")];

    private static readonly TimeSpan BetweenCancellations = TimeSpan.FromMilliseconds(10);

    private readonly PostgresBackend _backend;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentDictionary<Socket, Task> _clients = [];
    private readonly Task _accepting;

    /// <summary>Guards what runs.</summary>
    private readonly Lock _lock = new();

    /// <summary>The session that is in a series of messages, which can be cancelled; and how many there were before.</summary>
    private (SessionKey? Session, int Series) _running;

    /// <summary>What has ended the backend.</summary>
    private Exception? _end;

    private int _sessions;

    private PostgresServer(PostgresBackend backend)
    {
        _backend = backend;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>What Npgsql finds it by. A pool has one connection, which those who open one take turns with.</summary>
    public string ConnectionString =>
        $"Host=127.0.0.1;Port={((IPEndPoint)_listener.LocalEndPoint!).Port};Username=postgres;Database=postgres;SSL Mode=Disable;GSS Encryption Mode=Disable;Maximum Pool Size=1";

    /// <summary>Starts it.</summary>
    /// <param name="backend">The backend, which is not ended with it.</param>
    public static PostgresServer Start(PostgresBackend backend) => new(backend);

    /// <summary>Ends all sessions.</summary>
    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var (client, session) in _clients)
        {
            Shutdown(client);
            await session;
        }

        _turn.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                client.NoDelay = true;
                var session = new TaskCompletionSource();
                _clients[client] = session.Task;
                _ = ServeAsync(client, session);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // No more are served.
        }
    }

    private async Task ServeAsync(Socket client, TaskCompletionSource session)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            var startup = await StartupPacket.ReadAsync(stream);
            if (startup.Cancels is { } key)
                await CancelAsync(key);
            else
                await RunSessionAsync(stream, startup);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // The client is gone, or speaks another language.
        }
        finally
        {
            _clients.TryRemove(client, out _);
            session.SetResult();
        }
    }

    private async Task RunSessionAsync(Stream stream, StartupPacket startup)
    {
        await _turn.WaitAsync();
        try
        {
            if (_end is null)
                await TryRunSessionAsync(stream, startup);
            if (_end is not null)
                await stream.WriteAsync(Messages.Fatal("57P01", $"PostgreSQL has ended: {_end.Message}"));
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task TryRunSessionAsync(Stream stream, StartupPacket startup)
    {
        try
        {
            var key = new SessionKey(++_sessions, RandomNumberGenerator.GetInt32(int.MaxValue));
            await stream.WriteAsync(await StartSessionAsync(startup, key));
            var client = new ClientFrontend(stream);
            while (await client.ReceiveAsync())
                await RunMessageAsync(client, key);
            lock (_lock)
                _running = (null, _running.Series + 1);
            await _backend.ExchangeAsync(Reset);
        }
        catch (Exception e) when (e is WasmExitException or TrapException or ObjectDisposedException)
        {
            _end = e;
        }
    }

    private async Task<byte[]> StartSessionAsync(StartupPacket startup, SessionKey key)
    {
        var frontend = new PreparedFrontend(startup.Bytes);
        await _backend.StartSessionAsync(frontend);
        var answer = frontend.Received.ToArray();
        Messages.SetKey(answer, key);
        return answer;
    }

    private async Task RunMessageAsync(ClientFrontend client, SessionKey key)
    {
        // Whatever else COPY reads.
        var endsSeries = client.EndsSeries;
        lock (_lock)
            _running.Session = key;
        await _backend.RunMessageAsync(client);
        if (!endsSeries)
            return;
        lock (_lock)
        {
            _running = (null, _running.Series + 1);
            _backend.ForgetCancellation();
        }
    }

    /// <summary>Cancels a series of messages: again and again until it ends, as PostgreSQL passes over what comes while it reads the next.</summary>
    private async Task CancelAsync(SessionKey key)
    {
        int? series = null;
        while (true)
        {
            lock (_lock)
            {
                if (_end is not null || _running.Session != key || (series ??= _running.Series) != _running.Series)
                    return;
                _backend.Cancel();
            }

            await Task.Delay(BetweenCancellations);
        }
    }

    private static void Shutdown(Socket client)
    {
        try
        {
            client.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }
}
