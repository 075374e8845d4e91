using System.Text;

namespace Fermata.Tests.Hosting;

public class CustomSectionTests
{
    [Fact]
    public void A_module_gives_its_custom_sections_in_their_order()
    {
        var engine = new Engine();
        var module = Fermata.Module.Parse(engine, "(module $m (@custom \"b\" \"2\\00\") (func) (@custom \"b\" (before code)) (@custom \"a\" (before first) \"1\"))");

        Assert.Equal(["a", "b", "b", "name"], module.CustomSections.Select(section => section.Name));
        Assert.Equal(["1", "", "2\0"], module.CustomSections.Take(3).Select(section => Encoding.UTF8.GetString(section.Content.Span)));
        Assert.Equal("\"b\" 2 bytes", module.CustomSections[2].ToString());
        Assert.Same(module.CustomSections, module.CustomSections);
    }

    [Fact]
    public void A_module_may_have_none()
    {
        var engine = new Engine();
        Assert.Empty(Fermata.Module.Parse(engine, "(module)").CustomSections);
    }

    [Fact]
    public void What_is_wrong_in_a_custom_section_does_not_keep_a_module_from_being_loaded()
    {
        var engine = new Engine();
        var module = Fermata.Module.Parse(engine, "(func (@metadata.code.branch_hint \"\\01\") nop) (@custom \"name\" \"\\63\")");

        Assert.Equal("invalid name subsection id", Assert.Throws<MalformedModuleException>(module.ValidateCustomSections).Problem);
    }
}
