namespace Fermata.Tests.Execution;

public class LinkExceptionTests
{
    private static readonly MemoryType OnePage = new(new Limits(1, null));

    [Fact]
    public void A_missing_import_is_named_with_the_type_that_it_must_have()
    {
        var exception = LinkException.UnknownImport("env", "memory", OnePage);

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
        var exception = LinkException.IncompatibleImportType("env", "memory", OnePage, found);

        Assert.Equal(
            "incompatible import type \"env\" \"memory\": the module expects (memory 1), found (global (mut i64))",
            exception.Message);
        Assert.Same(found, exception.Found);
    }

    [Fact]
    public void Names_are_escaped() =>
        Assert.StartsWith(
            "unknown import \"\\u{0}\" \"\": ", LinkException.UnknownImport("\0", "", OnePage).Message, StringComparison.Ordinal);
}
