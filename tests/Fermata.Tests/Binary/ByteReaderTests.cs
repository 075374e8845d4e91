using Fermata.Binary;

namespace Fermata.Tests.Binary;

public class ByteReaderTests
{
    [Theory]
    [InlineData(new byte[] { 0x00 }, 0u)]
    [InlineData(new byte[] { 0x7F }, 127u)]
    [InlineData(new byte[] { 0xE5, 0x8E, 0x26 }, 624485u)]
    [InlineData(new byte[] { 0x82, 0x80, 0x80, 0x80, 0x00 }, 2u)]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F }, uint.MaxValue)]
    public void Unsigned_32_bit_numbers(byte[] bytes, uint expected) => Assert.Equal(expected, Reader(bytes).ReadU32());

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 }, ulong.MaxValue)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01 }, 1UL << 63)]
    [InlineData(new byte[] { 0x81, 0x00 }, 1UL)]
    public void Unsigned_64_bit_numbers(byte[] bytes, ulong expected) => Assert.Equal(expected, Reader(bytes).ReadU64());

    [Theory]
    [InlineData(new byte[] { 0x3F }, 63)]
    [InlineData(new byte[] { 0x40 }, -64)]
    [InlineData(new byte[] { 0xFF, 0x7F }, -1)]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x07 }, int.MaxValue)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x78 }, int.MinValue)]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }, -1)]
    public void Signed_32_bit_numbers(byte[] bytes, int expected) => Assert.Equal(expected, Reader(bytes).ReadS32());

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F }, 0xFFFFFFFFL)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x70 }, -0x100000000L)]
    [InlineData(new byte[] { 0x70 }, -16L)]
    public void Signed_33_bit_numbers(byte[] bytes, long expected) => Assert.Equal(expected, Reader(bytes).ReadS33());

    [Theory]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7F }, long.MinValue)]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x00 }, long.MaxValue)]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }, -1L)]
    public void Signed_64_bit_numbers(byte[] bytes, long expected) => Assert.Equal(expected, Reader(bytes).ReadS64());

    [Theory]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x10 }, "integer too large", 4)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 }, "integer representation too long", 5)]
    [InlineData(new byte[] { 0x80 }, "unexpected end of section or function", 1)]
    [InlineData(new byte[] { }, "unexpected end of section or function", 0)]
    public void What_is_no_unsigned_32_bit_number(byte[] bytes, string problem, int offset) =>
        AssertMalformed(problem, offset, bytes, (ref ByteReader reader) => reader.ReadU32());

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x0F }, "integer too large", 4)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x70 }, "integer too large", 4)]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F }, "integer representation too long", 5)]
    public void What_is_no_signed_32_bit_number(byte[] bytes, string problem, int offset) =>
        AssertMalformed(problem, offset, bytes, (ref ByteReader reader) => reader.ReadS32());

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 }, "integer too large", 9)]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 }, "integer representation too long", 10)]
    public void What_is_no_signed_64_bit_number(byte[] bytes, string problem, int offset) =>
        AssertMalformed(problem, offset, bytes, (ref ByteReader reader) => reader.ReadS64());

    [Fact]
    public void An_index_that_nothing_can_have_is_the_largest() =>
        Assert.Equal(int.MaxValue, Reader([0xFF, 0xFF, 0xFF, 0xFF, 0x0F]).ReadIndex());

    [Fact]
    public void Floats_are_bits_in_little_endian()
    {
        var reader = Reader([0x00, 0x00, 0x80, 0x3F, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F]);
        Assert.Equal(BitConverter.SingleToUInt32Bits(1f), reader.ReadFixed32());
        Assert.Equal(BitConverter.DoubleToUInt64Bits(1d), reader.ReadFixed64());
        Assert.True(reader.IsAtEnd);
    }

    [Fact]
    public void A_name_is_utf8()
    {
        Assert.Equal("aé€😀", Reader([10, 0x61, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0x98, 0x80]).ReadName());
        Assert.Equal("", Reader([0]).ReadName());
    }

    [Theory]
    [InlineData(new byte[] { 1, 0x80 })]
    [InlineData(new byte[] { 2, 0xC0, 0x80 })]
    [InlineData(new byte[] { 3, 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 4, 0xF4, 0x90, 0x80, 0x80 })]
    [InlineData(new byte[] { 2, 0xE2, 0x82 })]
    public void What_is_no_utf8(byte[] bytes) =>
        AssertMalformed("malformed UTF-8 encoding", 0, bytes, (ref ByteReader reader) => reader.ReadName());

    [Fact]
    public void A_count_beyond_the_bytes_is_refused_before_anything_is_allocated()
    {
        AssertMalformed("length out of bounds", 0, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], (ref ByteReader reader) => reader.ReadCount(1));
        AssertMalformed("unexpected end", 3, [2, 0, 0], (ref ByteReader reader) => reader.ReadCount(2));
        Assert.Equal(2, Reader([2, 0, 0]).ReadCount(1));
    }

    [Fact]
    public void Reading_stops_at_the_end_of_the_stretch()
    {
        AssertMalformed("unexpected end", 2, [1, 2, 3], (ref ByteReader reader) =>
        {
            reader = new ByteReader([1, 2, 3], 1, 2);
            Assert.Equal(2, reader.ReadByte());
            reader.PeekByte();
        });
    }

    private delegate void Read(ref ByteReader reader);

    private static ByteReader Reader(byte[] bytes) => new(bytes, 0, bytes.Length);

    private static void AssertMalformed(string problem, int offset, byte[] bytes, Read read)
    {
        var exception = Assert.Throws<MalformedModuleException>(() =>
        {
            var reader = Reader(bytes);
            read(ref reader);
        });
        Assert.StartsWith(problem, exception.Problem, StringComparison.Ordinal);
        Assert.Equal(offset, exception.Offset);
    }
}
