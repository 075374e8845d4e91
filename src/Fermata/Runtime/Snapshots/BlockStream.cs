using System.Buffers.Binary;
using System.Numerics;

namespace Fermata.Runtime;

/// <summary>Bytes in blocks with checksums: a length of 32 bits, so many bytes, and the CRC-32C of all bytes so far. A block of no bytes is the last.</summary>
internal static class BlockStream
{
    private const int LongestBlock = SnapshotFormat.BlockBytes;

    /// <summary>Continues a checksum.</summary>
    private static uint Sum(uint sum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var item in bytes)
            sum = BitOperations.Crc32C(sum, item);
        return sum;
    }

    /// <summary>Writes blocks to a stream, which it leaves open.</summary>
    public sealed class Writer(Stream target) : WriteOnlyStream
    {
        private readonly byte[] _block = new byte[LongestBlock];
        private int _length;
        private uint _sum = uint.MaxValue;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (!buffer.IsEmpty)
            {
                var count = Math.Min(buffer.Length, LongestBlock - _length);
                buffer[..count].CopyTo(_block.AsSpan(_length));
                _length += count;
                buffer = buffer[count..];
                if (_length == LongestBlock)
                    WriteBlock();
            }
        }

        /// <summary>Writes what is left, and the last block.</summary>
        public void Complete()
        {
            if (_length > 0)
                WriteBlock();
            WriteBlock();
        }

        private void WriteBlock()
        {
            Span<byte> number = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteInt32LittleEndian(number, _length);
            target.Write(number);
            target.Write(_block, 0, _length);
            _sum = Sum(_sum, _block.AsSpan(0, _length));
            BinaryPrimitives.WriteUInt32LittleEndian(number, ~_sum);
            target.Write(number);
            _length = 0;
        }
    }

    /// <summary>Reads blocks from a stream, which it leaves open: no byte of one is given before its checksum was looked at, and none behind the last block is read.</summary>
    public sealed class Reader(Stream source) : ReadOnlyStream
    {
        private readonly byte[] _block = new byte[LongestBlock];
        private int _position;
        private int _length;
        private uint _sum = uint.MaxValue;
        private bool _isAtEnd;

        public override int Read(Span<byte> buffer)
        {
            if (_position == _length && !TryReadBlock())
                return 0;
            var count = Math.Min(buffer.Length, _length - _position);
            _block.AsSpan(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        private bool TryReadBlock()
        {
            if (_isAtEnd)
                return false;
            Span<byte> number = stackalloc byte[sizeof(uint)];
            ReadExactly(number);
            _position = 0;
            _length = BinaryPrimitives.ReadInt32LittleEndian(number);
            if (_length is < 0 or > LongestBlock)
                throw new SnapshotException($"The snapshot is damaged: a block has a length of {(uint)_length} bytes.");
            ReadExactly(_block.AsSpan(0, _length));
            ReadExactly(number);
            _sum = Sum(_sum, _block.AsSpan(0, _length));
            if (BinaryPrimitives.ReadUInt32LittleEndian(number) != ~_sum)
                throw new SnapshotException("The snapshot is damaged: a checksum is wrong.");
            _isAtEnd = _length == 0;
            return !_isAtEnd;
        }

        private new void ReadExactly(Span<byte> bytes)
        {
            if (source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
                throw SnapshotInput.Damaged("it ends too soon");
        }
    }
}
