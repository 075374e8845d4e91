using Fermata.Structure;

namespace Fermata.Tests.Structure;

public sealed class OpcodeTableTests
{
    [Fact]
    public void Each_instruction_has_a_place_of_its_own()
    {
        var table = new OpcodeTable<InstructionInfo>();

        foreach (var row in InstructionTable.Rows)
        {
            Assert.Null(table[row.Opcode]);
            table[row.Opcode] = row;
        }

        Assert.All(InstructionTable.Rows, row => Assert.Same(row, table[row.Opcode]));
    }
}
