using Fermata.Binary;
using static Fermata.Tests.Binary.ModuleBytes;

namespace Fermata.Tests.Binary;

public class NameSectionTests
{
    [Fact]
    public void A_module_without_names()
    {
        var names = Names();
        Assert.Null(names.ModuleName);
        Assert.Null(names.Function(0));
        Assert.Null(names.Find(NameSubsection.Local, 0, 0));
    }

    [Fact]
    public void Names_of_the_module_and_its_functions_and_locals()
    {
        var names = Names([
            .. Section(0, Name("hello")),
            .. Section(1, [2, 0, .. Name("main"), 7, .. Name("exit")]),
            .. Section(2, [2, 0, 1, 1, .. Name("x"), 7, 2, 0, .. Name("y"), 3, .. Name("z")]),
        ]);
        Assert.Equal("hello", names.ModuleName);
        Assert.Equal("main", names.Function(0));
        Assert.Null(names.Function(1));
        Assert.Equal("exit", names.Function(7));
        Assert.Equal("x", names.Find(NameSubsection.Local, 0, 1));
        Assert.Equal("z", names.Find(NameSubsection.Local, 7, 3));
        Assert.Null(names.Find(NameSubsection.Local, 7, 1));
    }

    [Fact]
    public void Names_of_the_extended_section()
    {
        NameSubsection[] plain =
        [
            NameSubsection.Type, NameSubsection.Table, NameSubsection.Memory, NameSubsection.Global, NameSubsection.Element,
            NameSubsection.Data, NameSubsection.Tag,
        ];
        var names = Names([
            .. plain.SelectMany(kind => Section((byte)kind, [1, 3, .. Name(kind.ToString())])),
            .. Section((byte)NameSubsection.Label, [1, 2, 1, 0, .. Name("out")]),
            .. Section((byte)NameSubsection.Field, [1, 5, 1, 6, .. Name("next")]),
        ]);
        Assert.All(plain, kind => Assert.Equal(kind.ToString(), names.Find(kind, 3)));
        Assert.Equal("out", names.Find(NameSubsection.Label, 2, 0));
        Assert.Equal("next", names.Find(NameSubsection.Field, 5, 6));
    }

    [Fact]
    public void An_unknown_subsection_is_skipped() => Assert.Equal("f", Names([99, 1, 0, .. Section(1, [1, 0, .. Name("f")])]).Function(0));

    [Fact]
    public void A_malformed_subsection_does_not_matter()
    {
        Assert.Null(Names(1, 100, 0).Function(0));
        Assert.Null(Names(0, 2, 1, 0xFF).ModuleName);
        Assert.Equal("f", Names([.. Section(0, 5, 5), .. Section(1, [1, 0, .. Name("f")])]).Function(0));
        Assert.Equal("f", Names(Section(1, [9, 0, .. Name("f"), 1, 1, 0xFF])).Function(0));
    }

    private static NameSection Names(params byte[] content) => Decode(Module(content.Length == 0 ? [] : Custom("name", content))).Names;
}
