using Fermata.Binary;
using Fermata.Structure;
using static Fermata.Tests.Binary.ModuleBytes;

namespace Fermata.Tests.Binary;

public class ModuleDecoderTests
{
    [Fact]
    public void The_empty_module()
    {
        var module = Decode(Module());
        Assert.Empty(module.Types);
        Assert.Null(module.Start);
        Assert.Null(module.DataCount);
    }

    [Theory]
    [InlineData(new byte[] { }, "unexpected end", 0)]
    [InlineData(new byte[] { 0, 0x61, 0x73 }, "unexpected end", 3)]
    [InlineData(new byte[] { 0, 0x61, 0x73, 0x6E, 1, 0, 0, 0 }, "magic header not detected", 0)]
    [InlineData(new byte[] { 0, 0x61, 0x73, 0x6D, 1, 0 }, "unexpected end", 6)]
    [InlineData(new byte[] { 0, 0x61, 0x73, 0x6D, 13, 0, 1, 0 }, "unknown binary version", 4)]
    public void A_wrong_header(byte[] module, string problem, int offset) => AssertMalformed(problem, offset, module);

    [Fact]
    public void A_section_id_that_there_is_not() => AssertMalformed("malformed section id", 8, Module(Section(14, 0)));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(6, 13)]
    [InlineData(13, 5)]
    [InlineData(12, 9)]
    [InlineData(10, 12)]
    [InlineData(11, 10)]
    public void A_section_out_of_order_or_twice(byte first, byte second) =>
        AssertMalformed("unexpected content after last section", 11, Module(Section(first, 0), Section(second, 0)));

    [Fact]
    public void The_sections_of_tags_and_the_data_count_stand_where_they_are_needed() =>
        Decode(Module(
            Section(1, 0), Section(2, 0), Section(3, 0), Section(4, 0), Section(5, 0), Section(13, 0), Section(6, 0), Section(7, 0),
            Section(9, 0), Section(12, 0), Section(10, 0), Section(11, 0)));

    [Fact]
    public void A_section_longer_or_shorter_than_its_size()
    {
        AssertMalformed("length out of bounds", 9, [.. Module(), 1, 5, 0]);
        AssertMalformed("section size mismatch", 10, Module(Section(1, 0, 0)));
        AssertMalformed("section size mismatch", 10, [.. Module(), 1, 2, 1, 0x60, 0, 0]);
    }

    [Fact]
    public void Custom_sections_remember_what_stood_before_them()
    {
        var module = Decode(Module(Custom("a", 1, 2), Section(1, 0), Custom("b")));
        Assert.Equal(
            [new CustomSectionDefinition("a", new ByteRange(12, 2), 0), new CustomSectionDefinition("b", new ByteRange(21, 0), 1)], module.CustomSections);
    }

    [Fact]
    public void Imports_stand_first_in_every_index_space()
    {
        var module = Decode(Module(
            OneType,
            Section(2, [
                5,
                .. Name("m"), .. Name("f"), 0, 0,
                .. Name("m"), .. Name("t"), 1, 0x6F, 1, 2, 3,
                .. Name("m"), .. Name("n"), 2, 4, 1,
                .. Name("m"), .. Name("g"), 3, 0x7E, 1,
                .. Name("m"), .. Name("e"), 4, 0, 0,
            ]),
            Section(3, 1, 0),
            Code([0, 0x0B])));

        Assert.Equal(
            [(ExternKind.Func, "f"), (ExternKind.Table, "t"), (ExternKind.Memory, "n"), (ExternKind.Global, "g"), (ExternKind.Tag, "e")],
            module.Imports.Select(import => (import.Kind, import.Name)));
        Assert.Equal(1, module.ImportedFunctionCount);
        Assert.Equal(1, module.ImportedGlobalCount);
        Assert.Null(module.Functions[0].Body);
        Assert.NotNull(module.Functions[1].Body);
        Assert.Equal(new TableType(ValType.ExternRef, new Limits(2, 3)), module.Tables[0].Type);
        Assert.Equal(new MemoryType(new Limits(1, null), Is64: true), module.Memories[0].Type);
        Assert.Equal(new GlobalType(ValType.I64, true), module.Globals[0].Type);
        Assert.True(module.Tags[0].IsImported);
    }

    [Fact]
    public void An_import_of_no_kind() => AssertMalformed("malformed import kind", 13, Module(Section(2, 1, 0, 0, 5)));

    [Fact]
    public void An_export_of_no_kind() => AssertMalformed("malformed export kind", 12, Module(Section(7, 1, 0, 5, 0)));

    [Theory]
    [InlineData(0x08)]
    [InlineData(0x10)]
    [InlineData(0x81)]
    public void Limits_with_unknown_flags(byte flags)
    {
        AssertMalformed("malformed limits flags", 11, Module(Section(5, 1, flags, 0, 0)));
        AssertMalformed("malformed limits flags", 12, Module(Section(4, 1, 0x70, flags, 0, 0)));
    }

    [Fact]
    public void Memories_may_be_shared_and_tables_not()
    {
        Assert.True(Decode(Module(Section(5, 1, 3, 1, 2))).Memories[0].Type.IsShared);
        AssertMalformed("malformed limits flags", 12, Module(Section(4, 1, 0x70, 3, 1, 2)));
    }

    [Fact]
    public void A_table_may_have_an_initial_value()
    {
        var table = Decode(Module(Section(4, 1, 0x40, 0, 0x70, 0, 1, 0xD0, 0x70, 0x0B))).Tables[0];
        Assert.Equal(new ByteRange(16, 3), table.Initializer);
        Assert.False(table.IsImported);
        AssertMalformed("zero byte expected", 12, Module(Section(4, 1, 0x40, 1, 0x70, 0, 1, 0xD0, 0x70, 0x0B)));
    }

    [Fact]
    public void A_global_that_is_neither_mutable_nor_constant() =>
        AssertMalformed("malformed mutability", 12, Module(Section(6, 1, 0x7F, 4)));

    [Fact]
    public void The_start_function()
    {
        var module = Decode(Module(OneType, Section(3, 1, 0), Section(8, 0), Code([0, 0x0B])));
        Assert.Equal(0, module.Start);
        Assert.Equal(HeaderLength + OneType.Length + 4 + 2, module.StartOffset);
    }

    [Theory]
    [InlineData(0, SegmentMode.Active, 0, false, "(ref func)", new byte[] { 0x41, 0, 0x0B, 1, 0 })]
    [InlineData(1, SegmentMode.Passive, 0, false, "(ref func)", new byte[] { 0, 1, 0 })]
    [InlineData(2, SegmentMode.Active, 7, false, "(ref func)", new byte[] { 7, 0x41, 0, 0x0B, 0, 1, 0 })]
    [InlineData(3, SegmentMode.Declarative, 0, false, "(ref func)", new byte[] { 0, 1, 0 })]
    [InlineData(4, SegmentMode.Active, 0, true, "funcref", new byte[] { 0x41, 0, 0x0B, 1, 0xD2, 0, 0x0B })]
    [InlineData(5, SegmentMode.Passive, 0, true, "externref", new byte[] { 0x6F, 1, 0xD0, 0x6F, 0x0B })]
    [InlineData(6, SegmentMode.Active, 7, true, "externref", new byte[] { 7, 0x41, 0, 0x0B, 0x6F, 1, 0xD0, 0x6F, 0x0B })]
    [InlineData(7, SegmentMode.Declarative, 0, true, "externref", new byte[] { 0x6F, 1, 0xD0, 0x6F, 0x0B })]
    internal void Element_segments(byte flags, SegmentMode mode, int table, bool hasExpressions, string type, byte[] rest)
    {
        var segment = Decode(Module(Section(9, [1, flags, .. rest]))).Elements[0];
        Assert.Equal(mode, segment.Mode);
        Assert.Equal(table, segment.TableIndex);
        Assert.Equal(mode == SegmentMode.Active, segment.Start is not null);
        Assert.Equal(hasExpressions, segment.Expressions is not null);
        Assert.Equal(!hasExpressions, segment.Functions is not null);
        Assert.Equal(type, segment.Type.ToString());
        Assert.Equal(1, segment.Count);
    }

    [Fact]
    public void Malformed_element_segments()
    {
        AssertMalformed("malformed elements segment kind", 11, Module(Section(9, 1, 8)));
        AssertMalformed("malformed element kind", 12, Module(Section(9, 1, 1, 1, 0)));
        AssertMalformed("malformed reference type", 12, Module(Section(9, 1, 5, 0x7F, 0)));
    }

    [Fact]
    public void Data_segments()
    {
        var data = Decode(Module(Section(11, 3, 0, 0x41, 0, 0x0B, 2, 8, 9, 1, 1, 7, 2, 3, 0x41, 0, 0x0B, 0))).Data;
        Assert.Equal([SegmentMode.Active, SegmentMode.Passive, SegmentMode.Active], data.Select(segment => segment.Mode));
        Assert.Equal([0, 0, 3], data.Select(segment => segment.MemoryIndex));
        Assert.Equal(new ByteRange(16, 2), data[0].Data);
        AssertMalformed("malformed data segment kind", 11, Module(Section(11, 1, 3)));
    }

    [Fact]
    public void The_data_count_must_be_right()
    {
        Assert.Equal(1u, Decode(Module(Section(12, 1), Section(11, 1, 1, 0))).DataCount);
        AssertMalformed("data count and data section have inconsistent lengths", 11, Module(Section(12, 1)));
    }

    [Theory]
    [InlineData(new byte[] { 0xFC, 0x08, 0, 0, 0x0B })]
    [InlineData(new byte[] { 0xFC, 0x09, 0, 0x0B })]
    [InlineData(new byte[] { 0xFB, 0x09, 0, 0, 0x0B })]
    [InlineData(new byte[] { 0xFB, 0x12, 0, 0, 0x0B })]
    public void An_instruction_that_names_data_needs_the_data_count(byte[] instructions) =>
        AssertMalformed("data count section required", 23, [.. Function(instructions), .. Section(11, 1, 1, 0)]);

    [Fact]
    public void Function_and_code_sections_go_together()
    {
        AssertMalformed("function and code section have inconsistent lengths", 18, Module(OneType, Section(3, 1, 0)));
        AssertMalformed("function and code section have inconsistent lengths", 14, Module(Code([0, 0x0B])));
        Decode(Module(Section(3, 0)));
        Decode(Module(Section(10, 0)));
    }

    [Fact]
    public void A_body_has_locals_and_instructions()
    {
        var module = Decode(Module(OneType, Section(3, 1, 0), Code([2, 3, 0x7F, 1, 0x6F, 0x01, 0x0B])));
        var function = module.Functions[0];
        Assert.Equal([new LocalGroup(3, ValType.I32), new LocalGroup(1, ValType.ExternRef)], function.Body!.Locals);
        Assert.Equal(22, function.Offset);
        Assert.Equal(new ByteRange(27, 2), function.Body.Code);
    }

    [Fact]
    public void More_locals_than_can_be_counted() =>
        AssertMalformed(
            "too many locals", 22, Module(OneType, Section(3, 1, 0), Code([2, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 1, 0x7F, 0x0B])));

    [Theory]
    [InlineData(new byte[] { 0xFF, 0x0B }, "illegal opcode ff", 23)]
    [InlineData(new byte[] { 0x01, 0xFC, 0x80, 0x01, 0x0B }, "illegal opcode fc 80", 24)]
    [InlineData(new byte[] { 0x05, 0x0B }, "END opcode expected", 23)]
    [InlineData(new byte[] { 0x41, 0, 0x04, 0x40, 0x05, 0x05, 0x0B, 0x0B }, "END opcode expected", 28)]
    [InlineData(new byte[] { 0x02, 0x40, 0x05, 0x0B, 0x0B }, "END opcode expected", 25)]
    [InlineData(new byte[] { 0x02, 0x40, 0x0B }, "unexpected end of section or function", 26)]
    [InlineData(new byte[] { 0x0B, 0x0B }, "section size mismatch", 22)]
    [InlineData(new byte[] { 0x28, 0x80, 0x01, 0, 0x0B }, "malformed memop flags", 24)]
    [InlineData(new byte[] { 0x1F, 0x40, 1, 4, 0, 0x0B, 0x0B }, "malformed catch clause", 26)]
    [InlineData(new byte[] { 0x0E, 0xFF, 0xFF, 0xFF, 0x7F, 0x0B }, "length out of bounds", 24)]
    [InlineData(new byte[] { 0xD0, 0x41, 0x0B }, "malformed heap type", 24)]
    [InlineData(new byte[] { 0x02, 0x4E, 0x0B, 0x0B }, "malformed reference type", 24)]
    public void Malformed_instructions(byte[] instructions, string problem, int offset) =>
        AssertMalformed(problem, offset, Function(instructions));

    [Fact]
    public void An_expression_without_end() => AssertMalformed("unexpected end", 14, Module(Section(6, 1, 0x7F, 0, 0x41)));

    [Fact]
    public void A_group_has_its_members_in_the_index_space()
    {
        var module = Decode(Module(Section(1,
            2,
            0x4E, 2, 0x50, 0, 0x5F, 2, 0x78, 1, 0x63, 1, 0, 0x4F, 1, 0, 0x5E, 0x77, 0,
            0x60, 1, 0x64, 0, 1, 0x63, 0x70)));
        Assert.Equal([0, 2], module.RecTypes.Select(group => group.FirstIndex));
        Assert.Equal(11, module.RecTypes[0].Offset);
        Assert.Equal(3, module.Types.Count);

        var structure = Assert.IsType<StructType>(module.Types[0].Composite);
        Assert.False(module.Types[0].IsFinal);
        Assert.Equal(new FieldType(default, Packing.I8, true), structure.Fields[0]);
        Assert.Equal(new FieldType(ValType.Ref(true, HeapType.Defined(1)), Packing.None, false), structure.Fields[1]);

        Assert.True(module.Types[1].IsFinal);
        Assert.Equal([0], module.Types[1].Supertypes);
        Assert.Equal(new FieldType(default, Packing.I16, false), Assert.IsType<ArrayType>(module.Types[1].Composite).Element);

        var function = Assert.IsType<FuncType>(module.Types[2].Composite);
        Assert.True(module.Types[2].IsFinal);
        Assert.Equal([ValType.Ref(false, HeapType.Defined(0))], function.Parameters);
        Assert.Equal([ValType.FuncRef], function.Results);
    }

    [Theory]
    [InlineData(0x40, "malformed definition type")]
    [InlineData(0xE0, "integer representation too long")]
    public void A_type_of_no_kind(byte code, string problem) => AssertMalformed(problem, 11, Module(Section(1, 1, code, 0, 0)));

    [Fact]
    public void Two_hundred_thousand_nested_blocks_are_read()
    {
        const int Depth = 200_000;
        byte[] body = [.. Enumerable.Repeat<byte[]>([0x02, 0x40], Depth).SelectMany(b => b), .. Enumerable.Repeat<byte>(0x0B, Depth + 1)];
        Assert.Equal(body.Length, Decode(Function(body)).Functions[0].Body!.Code.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(13)]
    public void A_count_that_the_module_cannot_hold(byte section) =>
        AssertMalformed("length out of bounds", 10, Module(Section(section, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F)));

    [Fact]
    public void Every_truncation_of_a_module_is_malformed()
    {
        var module = Module(
            OneType, Section(3, 1, 0), Section(5, 1, 0, 1), Section(6, 1, 0x7F, 0, 0x41, 0, 0x0B), Section(12, 1),
            Code([1, 1, 0x7F, 0x41, 0, 0x21, 0, 0x0B]), Section(11, 1, 1, 2, 3, 4));
        Decode(module);

        // Where a section ends, so may a module; but then the function section lacks its code.
        int[] wholeModules = [HeaderLength, HeaderLength + OneType.Length];
        for (var length = 0; length < module.Length; length++)
        {
            if (wholeModules.Contains(length))
                Decode(module[..length]);
            else
                Assert.Throws<MalformedModuleException>(() => Decode(module[..length]));
        }
    }

    [Fact]
    public void Every_changed_byte_gives_a_module_or_a_module_exception()
    {
        var module = Module(
            OneType, Section(3, 1, 0), Section(4, 1, 0x70, 1, 1, 2), Section(5, 1, 0, 1), Section(6, 1, 0x7F, 0, 0x41, 0, 0x0B),
            Section(7, 1, 1, 0x66, 0, 0), Section(9, 1, 0, 0x41, 0, 0x0B, 1, 0), Section(12, 1),
            Code([1, 1, 0x7F, 0x02, 0x40, 0x41, 0, 0x21, 0, 0x0B, 0x0B]), Section(11, 1, 1, 2, 3, 4));
        for (var i = 0; i < module.Length; i++)
        {
            for (var value = 0; value < 256; value++)
            {
                var changed = (byte[])module.Clone();
                changed[i] = (byte)value;
                try
                {
                    Validate(changed);
                }
                catch (ModuleException exception)
                {
                    Assert.InRange(exception.Offset!.Value, 0, changed.Length);
                }
            }
        }
    }
}
