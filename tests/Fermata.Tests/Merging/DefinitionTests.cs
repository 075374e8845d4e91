using Fermata.Tests.Binary;

namespace Fermata.Tests.Merging;

/// <summary>What the merged module defines: globals in order, types once, exports, start, names and custom sections.</summary>
public class DefinitionTests
{
    [Fact]
    public void Globals_stand_behind_those_that_their_initial_values_read()
    {
        var merged = Merging.Merge(
            ("a", "(module (import \"b\" \"two\" (global $two i32)) (global (export \"three\") i32 (i32.add (global.get $two) (i32.const 1))) (global (export \"one\") i32 (i32.const 1)))"),
            ("b", "(module (import \"a\" \"one\" (global $one i32)) (global (export \"two\") i32 (i32.add (global.get $one) (i32.const 1))))"));

        using var guest = new Hosting.Guest();
        var instance = guest.Linker.Instantiate(guest.Store, Module.Load(guest.Engine, merged.Bytes));
        Assert.Equal((1, 2, 3), (Value("one"), Value("two"), Value("three")));

        int Value(string name) => instance.GetGlobal(name).Value.AsI32();
    }

    [Fact]
    public void Initial_values_must_not_read_one_another_in_a_circle() =>
        Assert.Equal(
            "a.wat: the initial value of global 1 depends on itself through globals of other modules",
            Merging.Failure(
                ("a", "(module (import \"b\" \"g\" (global $g i32)) (global (export \"g\") i32 (global.get $g)))"),
                ("b", "(module (import \"a\" \"g\" (global $g i32)) (global (export \"g\") i32 (global.get $g)))")));

    [Fact]
    public void A_long_chain_of_initial_values_needs_no_stack()
    {
        const int length = 10_000;
        string Chain(string other, int first) =>
            string.Concat(Enumerable.Range(first, length).Select(i => $"(import \"{other}\" \"{i}\" (global i32))"))
            + string.Concat(Enumerable.Range(0, length).Select(i => $"(global (export \"{i}\") i32 (global.get {i}))"));

        var merged = Merging.Merge(
            renamesConflicts: true,
            ("a", $"(module {Chain("b", 0)} (global (export \"{length}\") i32 (i32.const 5)))"),
            ("b", $"(module {Chain("a", 1)})"));

        Assert.Equal(2 * length + 1, merged.Decode().Globals.Count);
    }

    [Fact]
    public void The_initial_value_of_a_table_may_read_only_globals_that_stay_imports()
    {
        const string module = "(module (import \"a\" \"f\" (global $f (ref func))) (table 1 (ref func) (global.get $f)))";

        var message = Merging.Failure(("a", "(module (func $f) (global (export \"f\") (ref func) (ref.func $f)))"), ("b", module));

        Assert.Equal("b.wat: the initial value of a table reads a global of another input, and may read only globals that stay imports", message);
        Assert.Single(Merging.Merge(("other", "(module)"), ("b", module)).Decode().Imports);
    }

    [Fact]
    public void Equal_groups_of_types_are_written_once()
    {
        var merged = Merging.Merge(
            ("a", "(module (type (func)) (rec (type $a (struct (field (ref null $b)))) (type $b (func (param (ref $a))))))"),
            ("b", "(module (rec) (rec (type $x (struct (field (ref null $y)))) (type $y (func (param (ref $x))))) (type (func (param i32))) (type (func)))"));

        Assert.Equal([1, 2, 1], merged.Decode().RecTypes.Select(group => group.Members.Length));
    }

    [Fact]
    public void An_export_whose_name_is_taken_is_an_error_or_renamed()
    {
        (string, string)[] modules = [("a", "(module (func (export \"f\")))"), ("b", "(module (memory (export \"f\") 1))")];

        Assert.Equal("b.wat: export \"f\" is also one of a.wat (--rename-export-conflicts renames it)", Merging.Failure(modules));
        Assert.Equal(["f", "b.f"], Merging.Merge(renamesConflicts: true, modules).Decode().Exports.Select(export => export.Name));
    }

    [Fact]
    public void A_new_name_that_is_taken_is_an_error() =>
        Assert.Equal(
            "b.wat: export \"b.f\" is also one of a.wat (\"f\" was to become that; give the modules names of their own)",
            Assert.Throws<MergeException>(() => Merging.Merge(
                renamesConflicts: true, ("a", "(module (func (export \"f\")) (func (export \"b.f\")))"), ("b", "(module (func (export \"f\")))"))).Message);

    [Fact]
    public void What_two_modules_export_under_one_name_is_exported_once_if_it_is_the_same()
    {
        var merged = Merging.Merge(
            ("a", "(module (memory (export \"memory\") 1))"),
            ("b", "(module (import \"a\" \"memory\" (memory 1)) (export \"memory\" (memory 0)))"));

        Assert.Equal("memory", Assert.Single(merged.Decode().Exports).Name);
    }

    [Fact]
    public void A_module_may_keep_its_exports_for_the_others()
    {
        var module = ModuleInfo.Parse("(module (import \"b\" \"f\" (func $f)) (export \"f\" (func $f)) (func (export \"g\")))");
        var other = ModuleInfo.Parse("(module (import \"a\" \"g\" (func $g)) (func (export \"f\")) (memory (export \"g\") 1))");

        var merged = StaticLinker.Merge([new NamedModule("a", module), new NamedModule("b", other) { KeepsExports = false }]);

        Assert.Equal((2, 0), (merged.ResolvedImports, merged.Imports));
        Assert.Equal(["f", "g"], ModuleInfo.Read(merged.Bytes).Exports.Select(export => export.Name));
    }

    [Fact]
    public void A_start_function_that_is_the_only_one_stays()
    {
        var merged = Merging.Merge(("a", "(module (func $f))"), ("b", "(module (func $g) (start $g))")).Decode();

        Assert.Equal((2, 1), (merged.Functions.Count, merged.Start));
    }

    [Fact]
    public void Names_are_those_of_what_things_really_are()
    {
        var names = Merging.Merge(
            ("a", "(module $first (func $f (export \"f\") (param $x i32)) (global $g i32 (i32.const 0)) (start $s) (func $s))"),
            ("b", "(module $second (import \"a\" \"f\" (func $imported (param $y i32))) (import \"host\" \"h\" (func $h)) (type $t (struct (field $z i32))) (start $s) (func $s))")).Decode().Names;

        Assert.Equal("first", names.ModuleName);
        Assert.Equal(["h", "f", "s", "s", "start"], Enumerable.Range(0, 5).Select(index => names.Function(index)));
        Assert.Equal("x", names.Find(Fermata.Binary.NameSubsection.Local, 1, 0));
    }

    [Fact]
    public void Names_that_could_not_be_read_are_noted()
    {
        var merged = Merging.Merge(("a", ModuleBytes.Module(
            ModuleBytes.OneType, ModuleBytes.Section(3, 2, 0, 0), ModuleBytes.Code([0, 0x0B], [0, 0x0B]),
            ModuleBytes.Custom("name", ModuleBytes.Section(1, [2, 0, .. ModuleBytes.Name("f"), 1, 1, 0xFF])))));

        Assert.Equal(["a.wat: its names may be missing, as its name section is wrong: custom @name: malformed UTF-8 encoding"], merged.Notes);
        Assert.Equal(("f", null), (merged.Decode().Names.Function(0), merged.Decode().Names.Function(1)));
    }

    [Fact]
    public void Custom_sections_are_kept_unless_they_are_about_a_single_module()
    {
        var merged = Merging.Merge(
            ("a", ModuleBytes.Module(ModuleBytes.Custom("mine", 1), ModuleBytes.Custom("producers", 0), ModuleBytes.Custom(".debug_info"))),
            ("b", ModuleBytes.Module(ModuleBytes.Custom("mine", 2), ModuleBytes.Custom("reloc.CODE"), ModuleBytes.Custom(".debug_info"))));

        Assert.Equal(["mine", "mine"], merged.Decode().CustomSections.Select(section => section.Name));
        Assert.Equal(["left out custom sections that are about a single module: \".debug_info\", \"producers\", \"reloc.CODE\""], merged.Notes);
    }

    [Theory]
    [InlineData("(global $__stack_pointer (mut i32) (i32.const 4096))")]
    [InlineData("""
        (global (mut i32) (i32.const 4096))
        (func (local i32) (global.set 0 (local.tee 0 (i32.sub (global.get 0) (i32.const 16)))) (global.set 0 (i32.add (local.get 0) (i32.const 16))))
        """)]
    public void A_C_stack_that_the_host_would_look_for_in_another_memory_is_noted(string stack)
    {
        (string, string)[] modules = [("c", $"(module (memory 1) {stack})"), ("other", "(module (memory 1))")];

        Assert.Empty(Merging.Merge(modules).Notes);
        Assert.Equal(
            ["c.wat: its C stack is not in the first memory of the merged module; merge this file first, or use ShadowStackPolicy.None"],
            Merging.Merge([.. modules.Reverse()]).Notes);
    }

    [Fact]
    public void Modules_that_are_too_long_together_are_refused()
    {
        var module = ModuleBytes.Module(ModuleBytes.Section(0, new byte[1 << 25]));
        (string, byte[])[] modules = [.. Enumerable.Range(0, 8).Select(i => ($"{i}", module))];

        var message = Assert.Throws<MergeException>(() => Merging.Merge(modules)).Message;

        Assert.Equal($"the modules have {8L * module.Length} bytes together, and the limit is 268435456", message);
    }
}
