using System.Buffers.Binary;
using System.Text;

namespace Fermata.Samples.Postgres;

/// <summary>Messages of the protocol that are made here: a kind, the length without that, and the content (PostgreSQL, "Message Formats").</summary>
internal static class Messages
{
    /// <summary>The bytes before the content.</summary>
    public const int HeaderBytes = 1 + sizeof(int);

    /// <summary>What PostgreSQL takes at most.</summary>
    private const int MaxBytes = 1 << 30;

    private const byte BackendKeyDataKind = (byte)'K';

    /// <summary>The kind of <see cref="Terminate"/>.</summary>
    public const byte TerminateKind = (byte)'X';

    /// <summary>The end of a session.</summary>
    public static byte[] Terminate => New('X', []);

    /// <summary>The end of a series of messages, of which those behind one that failed are passed over.</summary>
    public static byte[] Sync => New('S', []);

    /// <summary>Statements.</summary>
    public static byte[] Query(string statements) => New('Q', Text(statements));

    /// <summary>The end of data for COPY that is not all of it.</summary>
    public static byte[] CopyFail(string reason) => New('f', Text(reason));

    /// <summary>An error after which the session ends.</summary>
    /// <param name="code">Its SQLSTATE.</param>
    /// <param name="message">A message.</param>
    public static byte[] Fatal(string code, string message) => New('E', [.. Text("SFATAL"), .. Text("VFATAL"), .. Text("C" + code), .. Text("M" + message), 0]);

    /// <summary>Whether the server is ready for others behind a message of this kind: a query, a call of a function, or <see cref="Sync"/>.</summary>
    public static bool EndsSeries(byte kind) => kind is (byte)'Q' or (byte)'F' or (byte)'S';

    /// <summary>Puts a key where the backend tells its own, which is the same for all sessions.</summary>
    /// <param name="messages">Messages with which the backend begins a session.</param>
    /// <param name="key">The key.</param>
    public static void SetKey(Span<byte> messages, SessionKey key)
    {
        while (messages[0] != BackendKeyDataKind)
            messages = messages[LengthOf(messages)..];
        BinaryPrimitives.WriteInt32BigEndian(messages[HeaderBytes..], key.Process);
        BinaryPrimitives.WriteInt32BigEndian(messages[(HeaderBytes + sizeof(int))..], key.Secret);
    }

    /// <summary>The bytes of a message.</summary>
    /// <param name="header">How it begins.</param>
    /// <exception cref="InvalidDataException">There are too few or too many.</exception>
    public static int LengthOf(ReadOnlySpan<byte> header)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(header[1..]);
        return length is >= sizeof(int) and < MaxBytes ? 1 + length : throw new InvalidDataException($"A message cannot have {length} bytes.");
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text + '\0');

    private static byte[] New(char kind, ReadOnlySpan<byte> content)
    {
        var message = new byte[HeaderBytes + content.Length];
        message[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), sizeof(int) + content.Length);
        content.CopyTo(message.AsSpan(HeaderBytes));
        return message;
    }
}
