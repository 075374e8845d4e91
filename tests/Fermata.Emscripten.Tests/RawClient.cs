using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fermata.Emscripten.Tests;

/// <summary>A client of PostgreSQL that says what it is told to.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly byte[] SslRequest = [0, 0, 0, 8, 4, 210, 22, 47], GssEncryptionRequest = [0, 0, 0, 8, 4, 210, 22, 48];

    private static readonly byte[] Startup = [0, 0, 0, 23, 0, 3, 0, 0, .. "user\0postgres\0\0"u8];

    private readonly TcpClient _client = new();

    private RawClient()
    {
    }

    /// <summary>Begins a session.</summary>
    public static async Task<RawClient> ConnectAsync(int port, bool encrypted)
    {
        var client = new RawClient();
        await client._client.ConnectAsync(IPAddress.Loopback, port);
        if (encrypted)
        {
            var answer = new byte[2];
            await client.SendAsync([.. SslRequest, .. GssEncryptionRequest]);
            await client._client.GetStream().ReadExactlyAsync(answer);
            Assert.Equal("NN"u8, answer);
        }

        await client.ExchangeAsync(Startup);
        return client;
    }

    public Task SendAsync(byte[] bytes) => _client.GetStream().WriteAsync(bytes).AsTask();

    /// <summary>Sends something, and waits until the server is ready for more.</summary>
    /// <returns>The answer.</returns>
    public async Task<ReadOnlyMemory<byte>> ExchangeAsync(byte[] bytes)
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
        while (header[0] != 'Z');
        return received.ToArray();
    }

    public void Dispose() => _client.Dispose();
}
