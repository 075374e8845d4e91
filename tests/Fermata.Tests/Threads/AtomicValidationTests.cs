namespace Fermata.Tests.Threads;

/// <summary>Which modules with shared memories and atomic instructions are refused.</summary>
public class AtomicValidationTests
{
    private static readonly Engine Engine = new();

    [Theory]
    [InlineData("(memory 1) (func (drop (i32.atomic.load align=2 (i32.const 0))))", "atomic alignment must be natural")]
    [InlineData("(memory 1) (func (drop (i32.atomic.load align=8 (i32.const 0))))", "atomic alignment must be natural")]
    [InlineData("(memory 1) (func (drop (memory.atomic.wait64 align=4 (i32.const 0) (i64.const 0) (i64.const 0))))", "atomic alignment must be natural")]
    [InlineData("(memory 1) (func (i32.atomic.store8 (i64.const 0) (i32.const 0)))", "type mismatch")]
    [InlineData("(memory i64 1) (func (i32.atomic.store8 (i32.const 0) (i32.const 0)))", "type mismatch")]
    [InlineData("(memory 1) (func (drop (memory.atomic.wait32 (i32.const 0) (i64.const 0) (i64.const 0))))", "type mismatch")]
    [InlineData("(memory 1) (func (drop (memory.atomic.notify 1 (i32.const 0) (i32.const 0))))", "unknown memory 1")]
    [InlineData("(memory 1) (func (drop (i32.atomic.load offset=4294967296 (i32.const 0))))", "offset out of range")]
    [InlineData("(memory 1 shared)", "shared memory must have maximum")]
    [InlineData("(memory 1) (global i32 (i32.atomic.load (i32.const 0)))", "constant expression required")]
    public void IsInvalid(string fields, string problem) =>
        Assert.StartsWith(problem, Assert.Throws<InvalidModuleException>(() => Module.Parse(Engine, fields)).Problem, StringComparison.Ordinal);

    [Theory]
    [InlineData(new byte[] { 0xFE, 0x03, 0x01 }, "zero byte expected")]
    [InlineData(new byte[] { 0xFE, 0x04 }, "illegal opcode fe 04")]
    [InlineData(new byte[] { 0xFE, 0x4F }, "illegal opcode fe 4f")]
    public void IsMalformed(byte[] instruction, string problem)
    {
        byte[] module =
        [
            0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0,
            10, (byte)(4 + instruction.Length), 1, (byte)(2 + instruction.Length), 0, .. instruction, 0x0B,
        ];
        Assert.StartsWith(problem, Assert.Throws<MalformedModuleException>(() => Module.Load(Engine, module)).Problem, StringComparison.Ordinal);
    }
}
