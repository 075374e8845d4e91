using System.Text;

namespace Fermata.Tests.Hosting;

public class CustomSectionTests
{
    [Fact]
    public void A_module_gives_its_custom_sections_in_their_order()
    {
        var engine = new Engine();
        var module = Fermata.Module.Parse(engine, "(module $m (@custom \"b\" \"2\\00\") (func) (@custom \"b\" (before code)) (@custom \"a\" (before first) \"1\"))");

        Assert.Equal(["a", "b", "name", "b"], module.CustomSections.Select(section => section.Name));
        Assert.Equal(["1", "", "2\0"], module.CustomSections.Where(section => section.Name != "name").Select(section => Encoding.UTF8.GetString(section.Content.Span)));
        Assert.Equal("\"b\" 2 bytes", module.CustomSections[3].ToString());
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
        var module = Fermata.Module.Parse(engine, "(func (@metadata.code.branch_hint \"\\01\") nop) (@custom \"name\" \"\\63\\00\")");

        Assert.Equal(
            ["custom @name: invalid name subsection id (at byte 0x42)", "@metadata.code.branch_hint annotation: invalid target (at byte 0x31)"],
            module.CustomSectionProblems.Select(problem => problem.Message));
        Assert.Equal("custom @name: invalid name subsection id", Assert.Throws<MalformedModuleException>(module.ValidateCustomSections).Problem);
    }

    [Fact]
    public void Names_before_what_is_wrong_are_used()
    {
        var engine = new Engine();
        var module = Fermata.Module.Parse(
            engine, "(module (func (export \"f\") unreachable) (func (export \"g\") unreachable) (@custom \"name\" \"\\01\\08\\02\\00\\03one\\01\\05\"))");
        using var store = new Store(engine);
        var instance = new Linker(engine).Instantiate(store, module);

        Assert.Equal("custom @name: length out of bounds", Assert.Single(module.CustomSectionProblems).Problem);
        Assert.Equal("one", Assert.Throws<TrapException>(() => instance.GetFunction("f").Invoke()).WasmStack[0].FunctionName);
        Assert.Equal("g", Assert.Throws<TrapException>(() => instance.GetFunction("g").Invoke()).WasmStack[0].FunctionName);
        Assert.Same(module.CustomSectionProblems, module.CustomSectionProblems);
    }

    [Fact]
    public void Custom_sections_in_which_nothing_is_wrong_have_no_problems()
    {
        var engine = new Engine();
        Assert.Empty(Fermata.Module.Parse(engine, "(module $m (func $f) (@custom \"x\" \"?\"))").CustomSectionProblems);
    }
}
