using static Fermata.Tests.Binary.ModuleBytes;

namespace Fermata.Tests.Validation;

/// <summary>The rules for instructions. The body's first instruction stands at byte 23 (<see cref="First"/>).</summary>
public class CodeValidatorTests
{
    private const int First = 23;

    [Theory]
    [InlineData(new byte[] { 0x41, 0, 0x0B }, "type mismatch: block requires [] but stack has [i32]", 25)]
    [InlineData(
        new byte[] { 0x42, 0, 0x42, 0, 0x6A, 0x1A, 0x0B },
        "type mismatch: instruction requires [i32 i32] but stack has [i64 i64] at i32.add", 27)]
    [InlineData(new byte[] { 0x1A, 0x0B }, "type mismatch: instruction requires [any] but stack has [] at drop", First)]
    [InlineData(new byte[] { 0x41, 0, 0x02, 0x40, 0x1A, 0x0B, 0x0B }, "type mismatch", 27)]
    [InlineData(new byte[] { 0x02, 0x7F, 0x0B, 0x1A, 0x0B }, "type mismatch: block requires [i32] but stack has []", 25)]
    [InlineData(new byte[] { 0x41, 0, 0x04, 0x7F, 0x41, 0, 0x0B, 0x1A, 0x0B }, "type mismatch: without else", 29)]
    [InlineData(new byte[] { 0x02, 5, 0x0B, 0x0B }, "unknown type 5", First)]
    [InlineData(new byte[] { 0x0C, 1, 0x0B }, "unknown label 1", First)]
    [InlineData(new byte[] { 0x00, 0x0E, 1, 0, 7, 0x0B }, "unknown label 7", 24)]
    [InlineData(new byte[] { 0x02, 0x7F, 0x00, 0x0E, 1, 0, 1, 0x0B, 0x1A, 0x0B }, "type mismatch", 26)]
    [InlineData(new byte[] { 0x10, 9, 0x0B }, "unknown function 9", First)]
    [InlineData(new byte[] { 0x00, 0x11, 0, 2, 0x0B }, "unknown table 2", 24)]
    [InlineData(new byte[] { 0x08, 3, 0x0B }, "unknown tag 3", First)]
    [InlineData(new byte[] { 0x1F, 0x40, 1, 0, 3, 0, 0x0B, 0x0B }, "unknown tag 3", First)]
    [InlineData(new byte[] { 0x1F, 0x40, 1, 3, 0, 0x0B, 0x0B }, "type mismatch: catch brings [] and (ref exn) but label 0 takes []", First)]
    public void Control(byte[] instructions, string problem, int offset) => AssertInvalid(problem, offset, Function(instructions));

    [Theory]
    [InlineData(new byte[] { 0x20, 0, 0x0B }, "unknown local 0", First)]
    [InlineData(new byte[] { 0x23, 0, 0x1A, 0x0B }, "unknown global 0", First)]
    [InlineData(new byte[] { 0x00, 0x1C, 0, 0x1A, 0x0B }, "invalid result arity", 24)]
    [InlineData(new byte[] { 0x00, 0x1C, 2, 0x7F, 0x7F, 0x1A, 0x0B }, "invalid result arity", 24)]
    [InlineData(
        new byte[] { 0xD0, 0x70, 0xD0, 0x70, 0x41, 0, 0x1B, 0x1A, 0x0B },
        "type mismatch: instruction requires numeric or vector type but stack has [funcref]", 29)]
    public void Variables(byte[] instructions, string problem, int offset) => AssertInvalid(problem, offset, Function(instructions));

    [Theory]
    [InlineData(new byte[] { 0xD2, 0, 0x1A, 0x0B }, "undeclared function reference 0", First)]
    [InlineData(new byte[] { 0xD2, 1, 0x1A, 0x0B }, "unknown function 1", First)]
    [InlineData(
        new byte[] { 0x41, 0, 0xD1, 0x1A, 0x0B },
        "type mismatch: instruction requires a reference but stack has [i32] at ref.is_null", 25)]
    [InlineData(
        new byte[] { 0xD0, 0x70, 0xFB, 0x16, 0x6E, 0x1A, 0x0B },
        "type mismatch: instruction requires [anyref] but stack has [funcref]", 25)]
    [InlineData(new byte[] { 0xD0, 4, 0x1A, 0x0B }, "unknown type 4", First)]
    [InlineData(new byte[] { 0xFB, 0x00, 0, 0x1A, 0x0B }, "non-structure type 0", First)]
    [InlineData(new byte[] { 0x00, 0x14, 4, 0x0B }, "unknown type 4", 24)]
    [InlineData(
        new byte[] { 0xD0, 0x6E, 0xFB, 0x18, 1, 0, 0x6E, 0x70, 0x1A, 0x0B },
        "type mismatch on cast: type (ref func) does not match anyref", 25)]
    [InlineData(
        new byte[] { 0xD0, 0x6E, 0xD6, 0, 0x0B }, "type mismatch: instruction requires type (ref any) but label has []", 25)]
    public void References(byte[] instructions, string problem, int offset) => AssertInvalid(problem, offset, Function(instructions));

    [Theory]
    [InlineData(new byte[] { 0x41, 0, 0x28, 3, 0, 0x1A, 0x0B }, "alignment must not be larger than natural", 30)]
    [InlineData(new byte[] { 0x41, 0, 0x28, 0x42, 7, 0, 0x1A, 0x0B }, "unknown memory 7", 30)]
    [InlineData(new byte[] { 0x41, 0, 0x28, 2, 0x80, 0x80, 0x80, 0x80, 0x10, 0x1A, 0x0B }, "offset out of range", 30)]
    [InlineData(new byte[] { 0x42, 0, 0x28, 2, 0, 0x1A, 0x0B }, "type mismatch", 30)]
    [InlineData(new byte[] { 0x3F, 1, 0x1A, 0x0B }, "unknown memory 1", 28)]
    public void Memories(byte[] instructions, string problem, int offset) =>
        AssertInvalid(problem, offset, Module(OneType, Section(3, 1, 0), Section(5, 1, 0, 1), Code([0, .. instructions])));

    [Fact]
    public void A_memory_with_64_bit_addresses_takes_them()
    {
        static byte[] Load(params byte[] address) => Module(
            OneType, Section(3, 1, 0), Section(5, 1, 4, 1),
            Code([0, .. address, 0x28, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0x1A, 0x0B]));
        Validate(Load(0x42, 0));
        AssertInvalid("type mismatch: instruction requires [i64] but stack has [i32] at i32.load", 30, Load(0x41, 0));
    }

    [Fact]
    public void Types_in_messages_have_the_indices_of_the_module()
    {
        // The second type is the same as the first one, and the third one is another.
        byte[] types = Section(1, 3, 0x60, 0, 0, 0x60, 0, 0, 0x60, 1, 0x63, 1, 0);
        byte[] body = [0, 0xD0, 2, 0x10, 0, 0x0B];
        AssertInvalid(
            "type mismatch: instruction requires [(ref null 0)] but stack has [(ref null 2)]", 33,
            Module(types, Section(3, 1, 2), Code(body)));
    }

    [Fact]
    public void A_global_that_cannot_change_is_not_set() =>
        AssertInvalid(
            "immutable global 0", 33,
            Module(OneType, Section(3, 1, 0), Section(6, 1, 0x7F, 0, 0x41, 0, 0x0B), Code([0, 0x41, 0, 0x24, 0, 0x0B])));

    [Fact]
    public void A_local_without_default_is_set_before_it_is_read_and_forgotten_at_the_end_of_the_block()
    {
        // One local (ref func), and a function to refer to.
        static byte[] Body(params byte[] instructions) => Module(
            OneType, Section(3, 1, 0), Section(9, 1, 3, 0, 1, 0), Code([1, 1, 0x64, 0x70, .. instructions]));
        byte[] set = [0xD2, 0, 0x21, 0];
        byte[] get = [0x20, 0, 0x1A];
        Validate(Body([.. set, .. get, 0x0B]));
        Validate(Body([.. set, 0x02, 0x40, .. get, 0x0B, 0x0B]));
        Validate(Body([0x02, 0x40, .. set, .. get, 0x0B, 0x0B]));
        AssertInvalid("uninitialized local 0", 33, Body([.. get, 0x0B]));
        AssertInvalid("uninitialized local 0", 40, Body([0x02, 0x40, .. set, 0x0B, .. get, 0x0B]));
        AssertInvalid("uninitialized local 0", 42, Body([0x41, 0, 0x04, 0x40, .. set, 0x05, .. get, 0x0B, 0x0B]));
    }

    [Theory]
    [InlineData(new byte[] { 0x00, 0x6A, 0x1A, 0x0B })]
    [InlineData(new byte[] { 0x00, 0x41, 0, 0x6A, 0x1A, 0x0B })]
    [InlineData(new byte[] { 0x0F, 0x1B, 0x1A, 0x0B })]
    [InlineData(new byte[] { 0x00, 0xD4, 0xD1, 0x1A, 0x0B })]
    [InlineData(new byte[] { 0x02, 0x7F, 0x00, 0x0E, 1, 0, 0, 0x0B, 0x1A, 0x0B })]
    [InlineData(new byte[] { 0x03, 0x40, 0x0C, 0, 0x0B, 0x0B })]
    public void Unreachable_code_has_the_operands_that_it_needs(byte[] instructions) => Validate(Function(instructions));

    [Theory]
    [InlineData(new byte[] { 0x00, 0x42, 0, 0x6A, 0x1A, 0x0B }, 26)]
    [InlineData(new byte[] { 0x00, 0x41, 0, 0x0B }, 26)]
    public void Unreachable_code_is_checked_all_the_same(byte[] instructions, int offset) =>
        AssertInvalid("type mismatch", offset, Function(instructions));

    [Fact]
    public void Locals_are_limited()
    {
        static byte[] Locals(uint count) => Module(OneType, Section(3, 1, 0), Code([1, .. U32(count), 0x7F, 0x0B]));
        Validate(Locals(50_000));
        AssertInvalid("too many locals: 50001", 22, Locals(50_001));
    }

    [Fact]
    public void Locals_far_beyond_the_length_of_the_code_have_their_types()
    {
        // 20,000 i32, 20,000 i64, one f32.
        static byte[] Get(uint index, byte drop) => Module(
            OneType, Section(3, 1, 0),
            Code([3, .. U32(20_000), 0x7F, .. U32(20_000), 0x7E, 1, 0x7D, 0x20, .. U32(index), drop, 0x1A, 0x0B]));
        const byte I32Eqz = 0x45, I64Eqz = 0x50, F32Abs = 0x8B;
        Validate(Get(0, I32Eqz));
        Validate(Get(19_999, I32Eqz));
        Validate(Get(20_000, I64Eqz));
        Validate(Get(39_999, I64Eqz));
        Validate(Get(40_000, F32Abs));
        AssertInvalid("unknown local 40001", 33, Get(40_001, F32Abs));
        AssertInvalid("type mismatch", 37, Get(20_000, I32Eqz));
    }
}
