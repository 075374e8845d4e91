using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Fermata.Runtime;

/// <summary>Writes the header of a snapshot, and what is in its blocks: numbers in LEB128, and bytes.</summary>
internal sealed class SnapshotOutput : IDisposable
{
    private const int BufferBytes = 1 << 16;
    private const int LongestNumber = 10;

    private readonly BlockStream.Writer _blocks;
    private readonly Stream _content;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _length;

    public SnapshotOutput(Stream target, CompressionLevel compression)
    {
        var packing = compression == CompressionLevel.NoCompression ? SnapshotPacking.None : SnapshotPacking.Brotli;
        Span<byte> version = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(version, SnapshotFormat.Version);
        target.Write([.. SnapshotFormat.Magic, .. version, (byte)packing]);
        _blocks = new BlockStream.Writer(target);
        _content = packing == SnapshotPacking.None ? _blocks : new BrotliStream(_blocks, compression, leaveOpen: true);
    }

    public void Byte(byte value)
    {
        Reserve(1);
        _buffer[_length++] = value;
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Number(ulong value)
    {
        Reserve(LongestNumber);
        for (; value >= 0x80; value >>= 7)
            _buffer[_length++] = (byte)(value | 0x80);
        _buffer[_length++] = (byte)value;
    }

    public void Number(int value) => Number((ulong)(uint)value);

    /// <summary>A number with sign: the sign is the lowest bit.</summary>
    public void Signed(long value) => Number((ulong)((value << 1) ^ (value >> 63)));

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > BufferBytes - _length)
            Flush();
        if (bytes.Length > BufferBytes)
        {
            _content.Write(bytes);
            return;
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Bytes with their number before them.</summary>
    public void Data(ReadOnlySpan<byte> bytes)
    {
        Number(bytes.Length);
        Bytes(bytes);
    }

    public void Text(string? text)
    {
        Bool(text is not null);
        if (text is not null)
            Data(Encoding.UTF8.GetBytes(text));
    }

    public void Numbers(ReadOnlySpan<ulong> values)
    {
        foreach (var value in values)
            Number(value);
    }

    /// <summary>Writes what is left, and the last block.</summary>
    public void Complete()
    {
        Flush();
        if (_content != _blocks)
            _content.Dispose();
        _blocks.Complete();
    }

    /// <summary>Frees what packs. Without <see cref="Complete"/> what was written is no snapshot.</summary>
    public void Dispose()
    {
        _content.Dispose();
        _blocks.Dispose();
    }

    private void Reserve(int count)
    {
        if (count > BufferBytes - _length)
            Flush();
    }

    private void Flush()
    {
        _content.Write(_buffer, 0, _length);
        _length = 0;
    }
}
