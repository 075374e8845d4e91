using System.Buffers.Binary;

namespace Fermata.Samples.Postgres;

/// <summary>What a client says first.</summary>
/// <param name="Bytes">The packet.</param>
/// <param name="Cancels">The session whose statement is to be cancelled; null if the client wants a session of its own.</param>
internal sealed record StartupPacket(ReadOnlyMemory<byte> Bytes, SessionKey? Cancels)
{
    private const int MaxBytes = 10_000;

    private const int CancelRequest = (1234 << 16) | 5678, SslRequest = (1234 << 16) | 5679, GssEncryptionRequest = (1234 << 16) | 5680;

    /// <summary>Reads it, and denies encryption if the client asks for that before.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static async Task<StartupPacket> ReadAsync(Stream stream)
    {
        while (true)
        {
            var packet = new byte[2 * sizeof(int)];
            await stream.ReadExactlyAsync(packet);
            var (length, code) = (BinaryPrimitives.ReadInt32BigEndian(packet), BinaryPrimitives.ReadInt32BigEndian(packet.AsSpan(sizeof(int))));
            if (length < packet.Length || length > MaxBytes)
                throw new InvalidDataException($"A startup packet cannot have {length} bytes.");
            var read = packet.Length;
            Array.Resize(ref packet, length);
            await stream.ReadExactlyAsync(packet.AsMemory(read));
            switch (code)
            {
                case SslRequest or GssEncryptionRequest:
                    await stream.WriteAsync("N"u8.ToArray());
                    break;
                case CancelRequest when length == 4 * sizeof(int):
                    return new StartupPacket(packet, new SessionKey(
                        BinaryPrimitives.ReadInt32BigEndian(packet.AsSpan(2 * sizeof(int))), BinaryPrimitives.ReadInt32BigEndian(packet.AsSpan(3 * sizeof(int)))));
                default:
                    return new StartupPacket(packet, Cancels: null);
            }
        }
    }
}
