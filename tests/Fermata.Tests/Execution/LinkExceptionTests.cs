namespace Fermata.Tests.Execution;

public class LinkExceptionTests
{
    private static readonly MemoryType OnePage = new(new Limits(1, null));

    [Fact]
    public void A_missing_import_is_named_with_the_type_that_it_must_have()
    {
        var exception = new LinkException([new LinkProblem("env", "memory", OnePage, null)]);

        Assert.Equal(
            "unknown import \"env\" \"memory\": nothing is defined under this name; the module expects (memory 1)",
            exception.Message);
        Assert.Equal("unknown import", exception.Problem);
        Assert.Equal(("env", "memory"), (exception.ModuleName, exception.FieldName));
        Assert.Same(OnePage, exception.Expected);
        Assert.Null(exception.Found);
    }

    [Fact]
    public void An_import_of_a_wrong_type_is_named_with_both_types()
    {
        var found = new GlobalType(ValType.I64, IsMutable: true);
        var exception = new LinkException([new LinkProblem("env", "memory", OnePage, found)]);

        Assert.Equal(
            "incompatible import type \"env\" \"memory\": the module expects (memory 1), found (global (mut i64))",
            exception.Message);
        Assert.Equal("incompatible import type", exception.Problem);
        Assert.Same(found, exception.Found);
    }

    [Fact]
    public void Names_are_escaped() =>
        Assert.StartsWith("unknown import \"\\u{0}\" \"\": ", new LinkProblem("\0", "", OnePage, null).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Each_problem_has_a_line_up_to_a_number()
    {
        var problems = Enumerable.Range(0, 50).Select(i => new LinkProblem("env", $"m{i}", OnePage, null)).ToList();

        Assert.Equal([.. problems.Take(20).Select(problem => problem.ToString())], new LinkException(problems[..20]).Message.Split('\n'));
        Assert.Equal([.. problems.Take(20).Select(problem => problem.ToString()), "and 30 more"], new LinkException(problems).Message.Split('\n'));
        Assert.Equal(problems, new LinkException(problems).Problems);
    }
}
