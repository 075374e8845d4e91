namespace Fermata.Tests.Text;

public class BranchHintTests
{
    /// <summary>The length and the characters of the section's name.</summary>
    private const string Name = "19" + "6d657461646174612e636f64652e6272616e63685f68696e74";

    [Theory]
    [InlineData("(func (param i32) local.get 0 (@metadata.code.branch_hint \"\\01\") if end)", "01" + "00" + "01" + "030101")]
    [InlineData("(func (param i32) (local i64) (@metadata.code.branch_hint \"\\00\") (br_if 0 (local.get 0)))", "01" + "00" + "01" + "050100")]
    [InlineData("(func (param i32) (@metadata.code.branch_hint \"\" \"\\00\") (if (local.get 0) (then)))", "01" + "00" + "01" + "030100")]
    [InlineData("(func) (func) (func i32.const 0 (@metadata.code.branch_hint \"\\01\") br_if 0)", "01" + "02" + "01" + "030101")]
    [InlineData("(func (@metadata.code.branch_hint \"\\01\") block end)", "01" + "00" + "01" + "010101")]
    [InlineData("(func (@metadata.code.branch_hint \"\\01\") (block))", "01" + "00" + "01" + "010101")]
    public void Hints_are_encoded_with_the_offset_from_the_locals_on(string text, string expected) =>
        Assert.Equal(Name + expected, Assembling.Section(text, 0));

    [Fact]
    public void Hints_stand_in_the_order_of_the_code_and_of_the_functions() =>
        Assert.Equal(
            Name + "02" + "00" + "03" + "040101" + "090101" + "0e0100" + "01" + "01" + "030100",
            Assembling.Section(
                """
                (func (param i32)
                  (@metadata.code.branch_hint "\00")
                  (br_if 0
                    (@metadata.code.branch_hint "\01")
                    (if (i32.eqz (local.get 0)) (then))
                    (@metadata.code.branch_hint "\01")
                    (if (local.get 0) (then))
                    (i32.const 1)))
                (func
                  i32.const 1
                  (@metadata.code.branch_hint "\00")
                  br_if 0)
                """,
                0));

    [Theory]
    [InlineData("(func (@metadata.code.branch_hint \"\\00\") (@metadata.code.branch_hint \"\\00\") (if))", "@metadata.code.branch_hint annotation: duplicate annotation", 1, 42)]
    [InlineData("(func (@metadata.code.branch_hint \"\\02\") if end)", "@metadata.code.branch_hint annotation: invalid hint value", 1, 7)]
    [InlineData("(func (@metadata.code.branch_hint) if end)", "@metadata.code.branch_hint annotation: invalid hint value", 1, 7)]
    [InlineData("(func (@metadata.code.branch_hint 1) if end)", "@metadata.code.branch_hint annotation: unexpected token", 1, 35)]
    [InlineData("(func (block (@metadata.code.branch_hint \"\\00\")))", "@metadata.code.branch_hint annotation: invalid placement", 1, 14)]
    [InlineData("(func) (@metadata.code.branch_hint \"\\00\")", "@metadata.code.branch_hint annotation: not in a function", 1, 8)]
    [InlineData("(global i32 (@metadata.code.branch_hint \"\\00\") i32.const 0)", "@metadata.code.branch_hint annotation: not in a function", 1, 13)]
    public void A_wrong_annotation_is_refused(string text, string problem, int line, int column) =>
        Assembling.AssertMalformed(text, problem, line, column);
}
