namespace Fermata.Tests.Execution;

public class MemoryTests : StoreTest
{
    [Fact]
    public void A_new_memory_has_the_minimal_size_and_is_zero()
    {
        var memory = NewMemory(2, 3);

        Assert.Equal(2ul, memory.PageCount);
        Assert.Equal(2 * 65536, memory.ByteLength);
        Assert.Equal(2 * 65536, memory.Span.Length);
        Assert.False(memory.Span.ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void Growing_gives_the_old_size_and_stops_at_the_maximum()
    {
        var memory = NewMemory(1, 3);

        Assert.Equal(1, memory.Grow(0));
        Assert.Equal(1, memory.Grow(2));
        Assert.Equal(-1, memory.Grow(1));
        Assert.Equal(-1, memory.Grow(ulong.MaxValue));
        Assert.Equal(3ul, memory.PageCount);
        Assert.Equal(new Limits(3, 3), memory.Type.Limits);
    }

    [Fact]
    public void Growing_keeps_the_base_and_the_spans_and_adds_zeros()
    {
        var memory = NewMemory(1, null);
        nint start = memory.Base;
        var span = memory.Span;
        span[^1] = 7;

        Assert.Equal(1, memory.Grow(99));

        Assert.Equal(start, memory.Base);
        Assert.Equal(7, memory.Read<byte>(65535));
        Assert.Equal(0, memory.Read<int>(65536));
        span[0] = 9;
        Assert.Equal(9, memory.Read<byte>(0));
        memory.Write(memory.ByteLength - 1 is var last ? (ulong)last : 0, (byte)1);
    }

    [Fact]
    public void An_empty_memory_can_be_and_can_grow()
    {
        var memory = NewMemory(0, 1);
        Assert.True(memory.Span.IsEmpty);
        Assert.NotEqual(0, memory.Base);
        Assert.Equal(0, memory.GetSpan(0, 0).Length);
        Assert.Equal(0, memory.Grow(1));
        memory.Write(65532, 1);

        Assert.Equal(-1, NewMemory(0, 0).Grow(1));
    }

    [Fact]
    public void A_memory_with_32_bit_addresses_reaches_4_GiB()
    {
        var memory = NewMemory(0, null);

        Assert.Equal(-1, memory.Grow(65537));
        Assert.Equal(0, memory.Grow(65536));
        memory.Write(uint.MaxValue, (byte)5);
        Assert.Equal(5, memory.Read<byte>(-1));
        Assert.Equal(1L << 32, memory.ByteLength);
        Assert.Throws<InvalidOperationException>(() => memory.Span.Length);
        Assert.Equal(5, memory.GetSpan(uint.MaxValue - 1ul, 2)[1]);
    }

    [Fact]
    public void A_memory_with_64_bit_addresses_has_a_limit()
    {
        var memory = new Memory(Store, new MemoryType(new Limits(1, 1ul << 48), Is64: true));

        Assert.Equal(-1, memory.Grow((ulong)Memory.MaxByteLength64 / Memory.PageSize));
        Assert.Equal(1, memory.Grow(9));
    }

    [Theory]
    [InlineData(65537ul, false)]
    [InlineData(1ul << 32, false)]
    [InlineData(1ul << 48, true)]
    [InlineData(ulong.MaxValue, true)]
    public void A_memory_that_is_too_large_is_refused(ulong pages, bool is64)
    {
        var type = new MemoryType(new Limits(pages, null), is64);

        var exception = Assert.Throws<InsufficientMemoryException>(() => new Memory(Store, type));
        Assert.StartsWith($"no room for a memory of {pages} pages", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_that_contradict_each_other_are_refused() =>
        AssertThrows<ArgumentException>("size minimum must not be greater than maximum", () => NewMemory(2, 1));

    [Fact]
    public void Numbers_are_little_endian_and_need_no_alignment()
    {
        var memory = NewMemory(1, 1);
        memory.Write(1, 0x01020304);
        memory.Write(5ul, (Half)1);

        Assert.Equal([4, 3, 2, 1], memory.GetSpan(1, 4).ToArray());
        Assert.Equal(0x0304_00, memory.Read<int>(0) & 0xFFFFFF);
        Assert.Equal((Half)1, memory.Read<Half>(5));
    }

    [Theory]
    [InlineData(65533ul)]
    [InlineData(65536ul)]
    [InlineData(ulong.MaxValue)]
    [InlineData(ulong.MaxValue - 3)]
    public void An_access_outside_says_what_was_asked_for(ulong address)
    {
        var memory = NewMemory(1, 1);
        string expected = $"4 bytes at address {address} are outside the memory, which has 65536 bytes";

        AssertThrows<ArgumentOutOfRangeException>(expected, () => memory.Read<int>(address));
        AssertThrows<ArgumentOutOfRangeException>(expected, () => memory.Write(address, 1));
        AssertThrows<ArgumentOutOfRangeException>(expected, () => memory.GetSpan(address, 4).Length);
    }

    [Fact]
    public void A_negative_address_is_a_large_one_and_a_negative_length_is_refused()
    {
        var memory = NewMemory(1, 1);

        AssertThrows<ArgumentOutOfRangeException>("1 bytes at address 4294967295 ", () => memory.Read<byte>(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.GetSpan(0, -1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.ReadUtf8(0ul, -1));
    }

    [Fact]
    public void Texts_are_UTF8()
    {
        var memory = NewMemory(1, 1);

        Assert.Equal(8, memory.WriteUtf8(10, "añ€x", zeroTerminated: true));
        Assert.Equal("añ€x", memory.ReadUtf8(10));
        Assert.Equal("añ", memory.ReadUtf8(10, 3));
        Assert.Equal("", memory.ReadUtf8(17ul));
        Assert.Equal(2, memory.WriteUtf8(10, "zz"));
        Assert.Equal("zz", memory.ReadUtf8(10, 2));
        Assert.Equal(0, memory.WriteUtf8(65536, ""));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_become_replacement_characters()
    {
        var memory = NewMemory(1, 1);
        memory.Write(0, (ushort)0x41FF);

        Assert.Equal("\uFFFDA", memory.ReadUtf8(0));
    }

    [Fact]
    public void A_text_that_does_not_fit_is_not_written()
    {
        var memory = NewMemory(1, 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => memory.WriteUtf8(65534, "abc"));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.WriteUtf8(65534, "ab", zeroTerminated: true));
        Assert.Equal(0, memory.Read<ushort>(65534));
    }

    [Fact]
    public void A_text_without_its_zero_byte_is_refused()
    {
        var memory = NewMemory(1, 1);
        memory.Span[65530..].Fill((byte)'a');

        AssertThrows<ArgumentOutOfRangeException>("the text at address 65532 has no zero byte", () => memory.ReadUtf8(65532));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.ReadUtf8(65537));
    }

    [Fact]
    public void After_theStore_is_disposed_a_memory_is_unusable()
    {
        var memory = NewMemory(1, 2);
        Store.Dispose();

        Assert.Throws<ObjectDisposedException>(() => memory.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => memory.Read<int>(0));
        Assert.Throws<ObjectDisposedException>(() => memory.ReadUtf8(0));
        Assert.Throws<ObjectDisposedException>(() => memory.Grow(1));
        Assert.Equal(0, memory.ByteLength);
    }

    [Fact]
    public void Memories_that_nobody_disposed_are_freed_before_address_space_runs_out()
    {
        // 4 GiB of addresses each, of the 64 TiB that are for memories: 16,384 at most.
        for (int i = 0; i < 40_000; i++)
            Assert.Equal(1ul, new Memory(NewStore(), new MemoryType(new Limits(1, null))).PageCount);
    }

    [Fact]
    public void Memories_that_want_all_of_the_address_space_leave_some_to_others()
    {
        // 16 GiB each, if it were there: 94 TiB of the 64 TiB that are for memories.
        var stores = Enumerable.Range(0, 10).Select(_ => NewStore()).ToList();
        var memories = Enumerable.Range(0, 6_000)
            .Select(i => new Memory(stores[i % stores.Count], new MemoryType(new Limits(0, null), Is64: true)))
            .ToList();
        Assert.All(memories, memory => Assert.InRange(memory.MaxPages, 1ul << 30 >> 16, (ulong)Memory.MaxByteLength64 >> 16));
        Assert.Equal(65_536ul, NewMemory(0, null).MaxPages);

        var last = memories[^1];
        Assert.Equal(-1, last.Grow(last.MaxPages + 1));
        Assert.Equal(0, last.Grow(1_000));
        Assert.Equal(-1, last.Grow(last.MaxPages - 999));
        stores.ForEach(store => store.Dispose());
        Assert.Equal(1ul << 18, new Memory(NewStore(), new MemoryType(new Limits(0, null), Is64: true)).MaxPages);
    }

    private Memory NewMemory(ulong min, ulong? max) => new(Store, new MemoryType(new Limits(min, max)));
}
