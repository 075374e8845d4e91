using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fermata.Emscripten.Tests;

/// <summary>A server of HTTP on the loopback, which closes each connection when it has answered a request.</summary>
internal sealed class HttpServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, Task<string>> _answer;

    /// <param name="answer">The body of the answer to a request, which is given as it came: line, headers and body.</param>
    public HttpServer(Func<string, Task<string>> answer)
    {
        _answer = answer;
        _listener.Start(backlog: 1000);
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The server has been closed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        var stream = connection.GetStream();
        var body = await _answer(await ReadAsync(stream));
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"));
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var head = new StringBuilder();
        var length = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            head.Append(line).Append('\n');
            if (line.Split(": ") is [var name, var value] && name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
                length = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
        }

        var body = new char[length];
        if (length > 0)
            await reader.ReadBlockAsync(body);
        return $"{head}\n{new string(body)}";
    }
}
