namespace Fermata.Tests.Text;

public class InstructionTextTests
{
    [Theory]
    [InlineData("i32.const 1 drop", "41011a")]
    [InlineData("(drop (i32.const -1))", "417f1a")]
    [InlineData("(i32.add (i32.const 1) (i32.mul (i32.const 2) (i32.const 3)))", "4101410241036c6a")]
    [InlineData("i32.const 1 (i32.add (i32.const 2))", "410141026a")]
    [InlineData("i64.const 0xffffffffffffffff", "427f")]
    [InlineData("f32.const -0", "4300000080")]
    [InlineData("f64.const nan", "44000000000000f87f")]
    [InlineData("nop unreachable return", "01000f")]
    [InlineData("block $a loop $b br $a br $b br 2 end end", "0240" + "0340" + "0c01" + "0c00" + "0c02" + "0b0b")]
    [InlineData("(block $a (loop $a (br $a)) (br $a))", "0240" + "0340" + "0c00" + "0b" + "0c00" + "0b")]
    [InlineData("block $a (br_table $a 0 1 (i32.const 0)) end $a", "0240" + "4100" + "0e02000001" + "0b")]
    [InlineData("(if (i32.const 1) (then nop))", "4101" + "0440" + "01" + "0b")]
    [InlineData("(if $l (result i32) (i32.const 1) (then br $l) (else (br $l)))", "4101" + "047f" + "0c00" + "05" + "0c00" + "0b")]
    [InlineData("(if (br_if 0 (i32.const 1)) (then))", "4101" + "0d00" + "0440" + "0b")]
    [InlineData("i32.const 1 if $l nop else $l nop end $l", "4101" + "0440" + "01" + "05" + "01" + "0b")]
    [InlineData("(block (result i64) i64.const 1 drop)", "027e" + "4201" + "1a" + "0b")]
    [InlineData("(block (type 0) (nop))", "0200" + "01" + "0b")]
    [InlineData("(block (param i32) (result i32 i32))", "0201" + "0b")]
    [InlineData("i32.load (i32.load8_u offset=0x10 align=1)", "280200" + "2d0010")]
    [InlineData("i64.store offset=4294967296 align=4", "3702" + "8080808010")]
    [InlineData("i32.load 1 offset=3", "28" + "4201" + "03")]
    [InlineData("memory.size memory.grow 1 memory.fill", "3f00" + "4001" + "fc0b00")]
    [InlineData("memory.copy memory.copy 1 0", "fc0a0000" + "fc0a0100")]
    [InlineData("table.get 2 table.set", "2502" + "2600")]
    [InlineData("table.copy 1 2 table.copy", "fc0e0102" + "fc0e0000")]
    [InlineData("select select (result i32) (select (result i64 i32) (result f32))", "1b" + "1c017f" + "1c037e7f7d")]
    [InlineData("ref.null func ref.null extern ref.null 0", "d070" + "d06f" + "d000")]
    [InlineData("ref.test (ref 0) ref.test (ref null 0) ref.cast funcref", "fb1400" + "fb1500" + "fb1770")]
    [InlineData("br_on_cast 0 anyref (ref i31)", "fb1801006e6c")]
    [InlineData("call_indirect (type 0) call_indirect 1 (type 0) (call_indirect)", "110000" + "110001" + "110000")]
    [InlineData("table.init 3 memory.init 1 2 elem.drop 0", "fc0c0300" + "fc080201" + "fc0d00")]
    [InlineData("array.init_data 0 1", "fb120001")]
    [InlineData("atomic.fence memory.atomic.notify i64.atomic.load32_u offset=1", "fe0300" + "fe000200" + "fe160201")]
    [InlineData("memory.atomic.wait64 1 align=4 i32.atomic.rmw8.cmpxchg_u", "fe02420100" + "fe4a0000")]
    [InlineData("try_table (catch_all 0) (catch_ref 3 0) end", "1f40" + "02" + "0200" + "010300" + "0b")]
    [InlineData("array.new_fixed 0 3 struct.get 0 1", "fb080003" + "fb020001")]
    public void Instructions_are_encoded(string text, string expected) =>
        Assert.Equal(expected, Assembling.Code($"(type (func)) (func {text}) (data)"));

    [Theory]
    [InlineData("(i32.const 0) i32.const 0", "i32.const 0 i32.const 0")]
    [InlineData("(loop (param i32) (drop))", "loop (param i32) drop end")]
    [InlineData("(if (i32.eqz (i32.const 0)) (then nop) (else))", "i32.const 0 i32.eqz if nop else end")]
    [InlineData("(block $a (br $a) (block $a (br $a)) (br $a))", "block br 0 block br 0 end br 0 end")]
    [InlineData("(i32.store (memory.grow (i32.const 1)) (i32.const 2))", "i32.const 1 memory.grow i32.const 2 i32.store")]
    public void Folded_and_plain_instructions_mean_the_same(string folded, string plain) =>
        Assert.Equal(Assembling.Code($"(func {plain})"), Assembling.Code($"(func {folded})"));

    [Theory]
    [InlineData(100_000, "block ", "end ")]
    [InlineData(100_000, "(block ", ")")]
    [InlineData(100_000, "(i32.eqz ", ")")]
    [InlineData(50_000, "(if (i32.const 0) (then ", "))")]
    [InlineData(100_000, "(if ", "(then))")]
    public void Nesting_may_be_deeper_than_a_thread_could_recurse(int depth, string open, string close)
    {
        var text = "(func " + string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth)) + ")";

        Assert.NotEmpty(Assembling.Code(text));
    }
}
