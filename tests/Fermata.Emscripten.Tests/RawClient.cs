using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fermata.Emscripten.Tests;

/// <summary>A client of PostgreSQL that says what it is told to.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly byte[] SslRequest = [0, 0, 0, 8, 4, 210, 22, 47], GssEncryptionRequest = [0, 0, 0, 8, 4, 210, 22, 48];

    private static readonly byte[] CancelRequest = [0, 0, 0, 16, 4, 210, 22, 46];

    private static readonly byte[] Startup = [0, 0, 0, 23, 0, 3, 0, 0, .. "user\0postgres\0\0"u8];

    private readonly TcpClient _client = new();

    private readonly int _port;

    /// <summary>What a request has to cancel that this session runs.</summary>
    private ReadOnlyMemory<byte> _key;

    private RawClient(int port) => _port = port;

    /// <summary>Begins a session.</summary>
    public static async Task<RawClient> ConnectAsync(int port, bool encrypted)
    {
        var client = new RawClient(port);
        await client._client.ConnectAsync(IPAddress.Loopback, port);
        if (encrypted)
        {
            var answer = new byte[2];
            await client.SendAsync([.. SslRequest, .. GssEncryptionRequest]);
            await client._client.GetStream().ReadExactlyAsync(answer);
            Assert.Equal("NN"u8, answer);
        }

        var session = await client.ExchangeAsync(Startup);
        client._key = session.Slice(session.Span.IndexOf("K\0\0\0\x0c"u8) + 5, 2 * sizeof(int));
        return client;
    }

    public Task SendAsync(byte[] bytes) => _client.GetStream().WriteAsync(bytes).AsTask();

    /// <summary>Asks the server to cancel what this session runs.</summary>
    /// <returns>The connection of the request, which the server closes.</returns>
    public async Task<TcpClient> CancelAsync()
    {
        var request = new TcpClient();
        await request.ConnectAsync(IPAddress.Loopback, _port);
        await request.GetStream().WriteAsync(new[] { CancelRequest, _key.ToArray() }.SelectMany(part => part).ToArray());
        return request;
    }

    /// <summary>Sends something, and waits until the server is ready for more, or has said something else.</summary>
    /// <param name="bytes">What is sent.</param>
    /// <param name="last">The kind of the message that is waited for.</param>
    /// <returns>The answer.</returns>
    public async Task<ReadOnlyMemory<byte>> ExchangeAsync(byte[] bytes, char last = 'Z')
    {
        await SendAsync(bytes);
        var received = new MemoryStream();
        var header = new byte[1 + sizeof(int)];
        do
        {
            await _client.GetStream().ReadExactlyAsync(header);
            var content = new byte[BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - sizeof(int)];
            await _client.GetStream().ReadExactlyAsync(content);
            received.Write([.. header, .. content]);
        }
        while (header[0] != last);
        return received.ToArray();
    }

    public void Dispose() => _client.Dispose();
}
