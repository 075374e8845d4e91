using Fermata.Binary;
using Fermata.Text;
using static Fermata.Tests.Binary.ModuleBytes;

namespace Fermata.Tests.Binary;

/// <summary>Modules are written canonically, and through a map of their indices.</summary>
public class ModuleWriterTests
{
    [Theory]
    [InlineData("(module)")]
    [InlineData("(module $m (rec (type $s (sub (struct (field $f (mut i8)) (field (ref null $t))))) (type $t (sub final $s (struct (field (mut i8)) (field (ref null $t)) (field i16))))) (rec))")]
    [InlineData("(module (type (array (mut (ref null extern)))) (type (func (param i32 (ref any)) (result v128 nullexnref))))")]
    [InlineData("(module (import \"m\" \"f\" (func (param f32))) (import \"m\" \"t\" (table i64 1 2 funcref)) (import \"\" \"\\u{fc}\" (memory 1 2 shared)) (import \"m\" \"g\" (global (mut i64))) (import \"m\" \"e\" (tag (param i32))))")]
    [InlineData("(module (table $t 3 (ref func) (ref.func $f)) (memory i64 0) (global $g i32 (i32.add (i32.const -1) (i32.const 64))) (tag $e) (func $f) (export \"f\" (func $f)) (export \"e\" (tag $e)) (start $f))")]
    [InlineData("(module (table 1 funcref) (table $x 1 externref) (func $f) (elem (i32.const 0) $f) (elem func $f) (elem declare func $f) (elem (ref func) (ref.func $f)) (elem (table $x) (i32.const 0) externref (ref.null extern)) (elem (i32.const 0) funcref (ref.func $f)))")]
    [InlineData("(module (memory $a 1) (memory $b 1) (data (i32.const 0) \"a\") (data \"b\") (data (memory $b) (i32.const 7) \"\\00\\ff\") (func (memory.init $b 1 (i32.const 0) (i32.const 0) (i32.const 0)) (data.drop 1)))")]
    [InlineData("(module (func (param $p i32) (local $a i64) (local i64 f32) (block $l (loop (br_table $l 1 0 (local.get $p))))))")]
    [InlineData("(module (memory 1) (memory $b 1) (func (result v128) (v128.load8_lane $b offset=0x100000000 align=1 3 (i64.const 0) (v128.const i32x4 1 2 3 4))))")]
    [InlineData("(module (tag $e) (func (try_table (result exnref) (catch $e 0) (catch_all_ref 0) (unreachable)) (drop) (drop (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31 (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15) (v128.const f64x2 nan -0)))))")]
    [InlineData("(module (type $s (struct)) (func (param anyref) (result anyref) (block (result anyref) (br_on_cast 0 anyref (ref null $s) (ref.cast (ref $s) (local.get 0)))) (drop (ref.test structref (local.get 0))) (select (result anyref) (ref.null none) (ref.null $s) (i32.const 0x7fffffff))))")]
    public void What_the_assembler_writes_is_canonical(string text)
    {
        var bytes = TextModule.Assemble(text).Binary;

        Assert.Equal(bytes, ModuleWriter.Write(ModuleDecoder.Decode(bytes)));
    }

    [Fact]
    public void Custom_sections_stay_where_they_are()
    {
        var bytes = Module(Custom("a", 1), OneType, Custom("b"), Custom("", 2, 3), Section(3, 1, 0), Code([0, 0x0B]), Custom("name", 0xFF));

        Assert.Equal(bytes, ModuleWriter.Write(ModuleDecoder.Decode(bytes)));
    }

    [Fact]
    public void A_custom_section_stays_in_place_where_the_section_before_it_is_left_out()
    {
        var bytes = Module(OneType, Section(2, 0), Custom("a"), Section(3, 1, 0), Code([0, 0x0B]));

        Assert.Equal(Module(OneType, Custom("a"), Section(3, 1, 0), Code([0, 0x0B])), ModuleWriter.Write(ModuleDecoder.Decode(bytes)));
    }

    [Fact]
    public void What_has_several_encodings_gets_the_shortest()
    {
        var types = Section(1, 3, 0x4E, 1, 0x60, 0, 0, 0x4F, 0, 0x60, 1, 0x63, 0x70, 0, 0x60, 0x80, 0, 0);
        var elements = Section(9, 1, 2, 0, 0x41, 0x80, 0x00, 0x0B, 0, 0);
        var code = Code([2, 0, 0x7F, 3, 0x7E, 0x41, 0xFF, 0x7F, 0x28, 0x42, 0, 0x80, 0, 0x1A, 0x0B]);
        var data = Section(11, 1, 2, 0, 0x41, 0, 0x0B, 0x81, 0, 9);
        var bytes = Module(types, Section(3, 1, 0), Section(4, 1, 0x63, 0x70, 0, 0), Section(5, 1, 0, 1), Section(7, 0), elements, code, data);

        var written = ModuleWriter.Write(ModuleDecoder.Decode(bytes));

        var shortTypes = Section(1, 3, 0x60, 0, 0, 0x60, 1, 0x70, 0, 0x60, 0, 0);
        var shortCode = Code([1, 3, 0x7E, 0x41, 0x7F, 0x28, 2, 0, 0x1A, 0x0B]);
        var shortElements = Section(9, 1, 0, 0x41, 0, 0x0B, 0);
        var shortData = Section(11, 1, 0, 0x41, 0, 0x0B, 1, 9);
        Assert.Equal(
            Module(shortTypes, Section(3, 1, 0), Section(4, 1, 0x70, 0, 0), Section(5, 1, 0, 1), shortElements, shortCode, shortData), written);
        Assert.Equal(written, ModuleWriter.Write(ModuleDecoder.Decode(written)));
    }

    [Fact]
    public void Parts_are_written_one_after_the_other_through_their_maps()
    {
        var first = Part(
            "(module $first (type $t (func)) (import \"second\" \"g\" (func $imported)) (table $t 1 funcref) (memory 1) (func $f (param $x i32) (call $imported)) (elem (i32.const 0) $f))",
            new IndexMap { Functions = [1, 0], Types = [0, 1] });
        var second = Part(
            "(module $second (type $u (func)) (type $s (struct (field $x (ref null $s)))) (table 1 funcref) (memory 1) (data $d \"b\") (func $g (param) (local (ref null $s)) (data.drop $d) (drop (i32.load (i32.const 0))) (call_indirect (type $u) (i32.const 0))) (elem func $g))",
            new IndexMap { Functions = [1], Types = [2, 3], Tables = [1], Memories = [1], Elements = [1] });
        var exports = new[] { new Export("f", ExternKind.Func, 0, 0) };
        var types = new[] { first, second }.SelectMany(part => part.Definition.RecTypes, (part, group) => (part, group)).ToList();

        var bytes = ModuleWriter.Write(new ModuleOutput([first, second], types, [], [], exports, 1, [], WritesNames: true));

        Assert.Equal(
            TextModule.Assemble("""
                (module $first
                  (type $t (func)) (type (func (param i32)))
                  (type $u (func)) (type $s (struct (field $x (ref null $s))))
                  (table $t 1 funcref) (table 1 funcref)
                  (memory 1) (memory 1)
                  (export "f" (func $f)) (start $g)
                  (elem (i32.const 0) $f) (elem func $g)
                  (data $d "b")
                  (func $f (type 1) (param $x i32) (call $g))
                  (func $g (type 2) (local (ref null $s))
                    (data.drop $d) (drop (i32.load 1 (i32.const 0))) (call_indirect 1 (type $u) (i32.const 0))))
                """).Binary,
            bytes);
    }

    private static ModulePart Part(string text, IndexMap indices) => new(ModuleDecoder.Decode(TextModule.Assemble(text).Binary), indices);
}
