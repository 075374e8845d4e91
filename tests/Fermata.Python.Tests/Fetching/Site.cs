using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fermata.Platform.Network;

namespace Fermata.Python.Tests.Fetching;

/// <summary>
/// The network as tests have it: all connections that a policy allows go to one server on the loopback, which notes what it was asked, and names lead to public addresses unless a test says otherwise.
/// </summary>
internal sealed class Site : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, Stream, Task> _serve;

    /// <param name="answer">The whole response to a request, which is given as it came.</param>
    public Site(Func<string, string> answer)
        : this(async (request, stream) => await stream.WriteAsync(Encoding.Latin1.GetBytes(answer(request))))
    {
    }

    /// <param name="serve">Answers a request, which is given as it came.</param>
    public Site(Func<string, Stream, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>A public address, to which names lead.</summary>
    public static IPAddress Address { get; } = IPAddress.Parse("93.184.215.14");

    /// <summary>What names lead to.</summary>
    public Func<string, IPAddress[]> Addresses { get; set; } = static _ => [Address];

    /// <summary>What the server proves with who it is, if it speaks TLS; null if it does not.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Which names were asked for in the handshakes of TLS.</summary>
    public ConcurrentQueue<string> Names { get; } = [];

    /// <summary>The requests, in their order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Where connections were to go.</summary>
    public ConcurrentQueue<IPEndPoint> Connections { get; } = [];

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static string Response(string body, string headers = "", string status = "200 OK") =>
        $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\nConnection: close\r\n{headers}\r\n{body}";

    public static string Redirect(string location, string status = "302 Found") => Response("", $"Location: {location}\r\n", status);

    /// <summary>A policy that allows nothing yet.</summary>
    public NetworkPolicy NewPolicy() => new NetworkPolicy()
        .WithResolver((name, _) => new(Addresses(name)))
        .WithDialer(async (target, token) =>
        {
            Connections.Enqueue(target);
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(_listener.LocalEndpoint, token);
            return socket;
        });

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
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        await using var stream = await SecureAsync(connection.GetStream());
        if (stream is null)
            return;
        if (await ReadAsync(stream) is not { } request)
            return;
        Requests.Enqueue(request);
        await _serve(request, stream);
    }

    /// <summary>The stream, or one of TLS over it; null if the client wants none with such a server.</summary>
    private async Task<Stream?> SecureAsync(NetworkStream stream)
    {
        if (Certificate is null)
            return stream;
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsServerAsync((_, hello, _, _) =>
            {
                Names.Enqueue(hello.ServerName);
                return ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificate = Certificate });
            }, null);
            return secure;
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await secure.DisposeAsync();
            return null;
        }
    }

    /// <summary>A request; null if the client sends none.</summary>
    private static async Task<string?> ReadAsync(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var head = new StringBuilder();
        var length = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            head.Append(line).Append('\n');
            if (line.Split(": ") is ["Content-Length", var value])
                length = int.Parse(value, CultureInfo.InvariantCulture);
        }

        if (head.Length == 0)
            return null;
        var body = new char[length];
        if (length > 0)
            await reader.ReadBlockAsync(body);
        return $"{head}\n{new string(body)}";
    }
}
