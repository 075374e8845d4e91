using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Fermata.Runtime;

/// <summary>Reads what <see cref="SnapshotOutput"/> writes. Nothing of it is trusted.</summary>
internal sealed class SnapshotInput : IDisposable
{
    /// <summary>The longest text, or data of the host.</summary>
    public const int MostData = 1 << 26;

    private const int BufferBytes = 1 << 16;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly BlockStream.Reader _blocks;
    private readonly Stream _content;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _position;
    private int _length;

    public SnapshotInput(Stream source)
    {
        Span<byte> header = stackalloc byte[SnapshotFormat.Magic.Length + sizeof(uint) + 1];
        if (source.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            throw Damaged("it ends too soon");
        if (!header.StartsWith(SnapshotFormat.Magic))
            throw new SnapshotException("This is no snapshot of a store.");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(header[SnapshotFormat.Magic.Length..]);
        if (version != SnapshotFormat.Version)
            throw new SnapshotException($"The snapshot has format {version}; this version of Fermata reads format {SnapshotFormat.Version}.");
        _blocks = new BlockStream.Reader(source);
        _content = (SnapshotPacking)header[^1] switch
        {
            SnapshotPacking.None => _blocks,
            SnapshotPacking.Brotli => new BrotliStream(_blocks, CompressionMode.Decompress),
            _ => throw Damaged("its packing is unknown"),
        };
    }

    public static SnapshotException Damaged(string what) => new($"The snapshot is damaged: {what}.");

    public byte Byte()
    {
        if (_position == _length)
            Fill();
        return _buffer[_position++];
    }

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw Damaged($"a flag is {other}"),
    };

    public ulong Number()
    {
        var value = 0ul;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1)
                break;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw Damaged("a number has more than 64 bits");
    }

    public uint Small() => Number() is var value and <= uint.MaxValue ? (uint)value : throw Damaged("a number has more than 32 bits");

    /// <summary>A number below a limit.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="what">What the number is of, for the message.</param>
    public int Below(int limit, string what)
    {
        var value = Number();
        return value < (ulong)limit ? (int)value : throw Damaged($"it names {what} {value}, and there are {limit}");
    }

    /// <summary>How many there are of something.</summary>
    /// <param name="most">How many there may be.</param>
    /// <param name="what">What there are so many of.</param>
    public int Count(int most, string what)
    {
        var value = Number();
        return value <= (ulong)most ? (int)value : throw Damaged($"it has {value} {what}, and {most} are possible");
    }

    public long Signed()
    {
        var value = Number();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public void Bytes(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_position == _length)
                Fill();
            var count = Math.Min(bytes.Length, _length - _position);
            _buffer.AsSpan(_position, count).CopyTo(bytes);
            _position += count;
            bytes = bytes[count..];
        }
    }

    public byte[] Data()
    {
        var length = Count(MostData, "bytes of data in one piece");

        // What is there is read before there is room for it.
        using var data = new MemoryStream();
        var piece = new byte[Math.Min(length, BufferBytes)];
        for (var rest = length; rest > 0; rest -= piece.Length)
        {
            piece = piece.Length > rest ? new byte[rest] : piece;
            Bytes(piece);
            data.Write(piece);
        }

        return data.ToArray();
    }

    public string? Text()
    {
        if (!Bool())
            return null;
        try
        {
            return Utf8.GetString(Data());
        }
        catch (ArgumentException)
        {
            throw Damaged("a text is no UTF-8");
        }
    }

    /// <summary>Sees to it that nothing follows.</summary>
    public void End()
    {
        if (_position < _length || Read() > 0 || _blocks.Read(_buffer) > 0)
            throw Damaged("there is more than it should have");
    }

    public void Dispose()
    {
        _content.Dispose();
        _blocks.Dispose();
    }

    private void Fill()
    {
        _position = 0;
        _length = Read();
        if (_length == 0)
            throw Damaged("it ends too soon");
    }

    private int Read()
    {
        try
        {
            return _content.Read(_buffer, 0, _buffer.Length);
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            throw new SnapshotException("The snapshot is damaged: it cannot be unpacked.", exception);
        }
    }
}
