namespace Fermata.Tests.Merging;

/// <summary>Imports become what other modules export, or stay.</summary>
public class ResolutionTests
{
    [Fact]
    public void Modules_may_import_functions_from_each_other()
    {
        var merged = Merging.Merge(
            ("even", "(module (import \"odd\" \"odd\" (func $odd (param i32) (result i32))) (func (export \"even\") (param i32) (result i32) (if (result i32) (local.get 0) (then (return_call $odd (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 1)))))"),
            ("odd", "(module (import \"even\" \"even\" (func $even (param i32) (result i32))) (func (export \"odd\") (param i32) (result i32) (if (result i32) (local.get 0) (then (return_call $even (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 0)))))"));

        using var guest = new Hosting.Guest();
        var instance = guest.Linker.Instantiate(guest.Store, Module.Load(guest.Engine, merged.Bytes));

        Assert.Equal((2, 0, 2), (merged.ResolvedImports, merged.Imports, merged.Exports));
        Assert.Equal(1, instance.GetFunction<Func<int, int>>("even")(10));
        Assert.Equal(0, instance.GetFunction<Func<int, int>>("odd")(10));
    }

    [Fact]
    public void A_module_may_import_from_itself()
    {
        var merged = Merging.Merge(("a", "(module (import \"a\" \"f\" (func $f (result i32))) (func (export \"f\") (result i32) (i32.const 3)) (func (export \"g\") (result i32) (call $f)))"));

        using var guest = new Hosting.Guest();
        Assert.Equal(3, guest.Linker.Instantiate(guest.Store, Module.Load(guest.Engine, merged.Bytes)).GetFunction<Func<int>>("g")());
    }

    [Fact]
    public void A_module_may_be_merged_with_itself_under_two_names()
    {
        const string text = "(module (import \"host\" \"log\" (func (param i32))) (memory 1) (global $n (mut i32) (i32.const 0)) (func (export \"next\") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))";

        var merged = Merging.Merge(renamesConflicts: true, ("a", text), ("b", text));

        using var guest = new Hosting.Guest();
        guest.Linker.Define("host", "log", (int _) => { });
        var instance = guest.Linker.Instantiate(guest.Store, Module.Load(guest.Engine, merged.Bytes));
        var (first, second) = (instance.GetFunction<Func<int>>("next"), instance.GetFunction<Func<int>>("b.next"));
        Assert.Equal((1, 2, 1), (first(), first(), second()));
    }

    [Fact]
    public void Equal_imports_that_stay_become_one()
    {
        var merged = Merging.Merge(
            ("a", "(module (import \"env\" \"f\" (func $f)) (import \"env\" \"memory\" (memory 1)) (func (export \"a\") (call $f)))"),
            ("b", "(module (import \"env\" \"memory\" (memory 1)) (import \"env\" \"f\" (func $f)) (import \"env\" \"f\" (func $g (param i32))) (func (export \"b\") (call $f)))"));

        Assert.Equal((0, 3), (merged.ResolvedImports, merged.Imports));
        Assert.Equal([("f", ExternKind.Func), ("memory", ExternKind.Memory), ("f", ExternKind.Func)], merged.Decode().Imports.Select(import => (import.Name, import.Kind)));
    }

    [Fact]
    public void An_import_that_a_named_module_does_not_export_stays_with_a_note()
    {
        var merged = Merging.Merge(
            ("env", "(module (func (export \"f\")))"),
            ("b", "(module (import \"env\" \"f\" (func)) (import \"env\" \"log\\n\" (func)) (import \"other\" \"x\" (func)))"));

        Assert.Equal((1, 2), (merged.ResolvedImports, merged.Imports));
        Assert.Equal(["b.wat: import \"env\" \"log\\u{a}\" stays, as env.wat has no such export"], merged.Notes);
    }

    [Theory]
    [InlineData("(func (export \"x\") (param i32))", "(func)", "(func)", "(func (param i32))")]
    [InlineData("(memory (export \"x\") 1)", "(memory 2)", "(memory 2)", "(memory 1)")]
    [InlineData("(memory (export \"x\") 1)", "(memory i64 1)", "(memory i64 1)", "(memory 1)")]
    [InlineData("(table (export \"x\") 1 funcref)", "(table 1 1 funcref)", "(table 1 1 funcref)", "(table 1 funcref)")]
    [InlineData("(table (export \"x\") 1 funcref)", "(table 1 externref)", "(table 1 externref)", "(table 1 funcref)")]
    [InlineData("(global (export \"x\") i32 (i32.const 0))", "(global (mut i32))", "(global (mut i32))", "(global i32)")]
    [InlineData("(global (export \"x\") (mut funcref) (ref.null func))", "(global (mut (ref null nofunc)))", "(global (mut nullfuncref))", "(global (mut funcref))")]
    [InlineData("(tag (export \"x\"))", "(tag (param i32))", "(tag (func (param i32)))", "(tag (func))")]
    [InlineData("(memory (export \"x\") 1)", "(func)", "(func)", "(memory 1)")]
    public void What_is_exported_must_have_the_type_that_is_imported(string export, string import, string expected, string found) =>
        Assert.Equal(
            $"b.wat: incompatible import type \"a\" \"x\": the module expects {expected}, found {found}",
            Merging.Failure(("a", $"(module {export})"), ("b", $"(module (import \"a\" \"x\" {import}))")));

    [Fact]
    public void The_type_of_an_import_that_stays_is_all_that_is_known_of_it() =>
        Assert.StartsWith(
            "b.wat: incompatible import type \"a\" \"x\": the module expects (global i32), found (global (mut i32))",
            Merging.Failure(
                ("a", "(module (import \"host\" \"x\" (global (mut i32))) (export \"x\" (global 0)))"),
                ("b", "(module (import \"a\" \"x\" (global i32)))")),
            StringComparison.Ordinal);

    [Fact]
    public void Exports_of_imports_must_not_lead_in_a_circle() =>
        Assert.Equal(
            "a.wat: import \"b\" \"f\" leads back to itself through exports of imports",
            Merging.Failure(
                ("a", "(module (import \"b\" \"f\" (func $f)) (export \"f\" (func $f)))"),
                ("b", "(module (import \"a\" \"f\" (func $f)) (export \"f\" (func $f)))")));

    [Fact]
    public void Modules_of_one_name_may_import_from_each_other()
    {
        var merged = Merging.Merge(
            ("env", "(module (import \"env\" \"f\" (func $f (result i32))) (func (export \"g\") (result i32) (i32.const 1)) (func (export \"first\") (result i32) (call $f)))"),
            ("env", "(module (import \"env\" \"g\" (func $g (result i32))) (func (export \"f\") (result i32) (i32.add (i32.const 10) (call $g))) (func (export \"second\") (result i32) (call $g)))"));

        using var guest = new Hosting.Guest();
        var instance = guest.Linker.Instantiate(guest.Store, Module.Load(guest.Engine, merged.Bytes));

        Assert.Equal((2, 0, 4), (merged.ResolvedImports, merged.Imports, merged.Exports));
        Assert.Equal((11, 1), (instance.GetFunction<Func<int>>("first")(), instance.GetFunction<Func<int>>("second")()));
    }

    [Fact]
    public void An_import_that_two_modules_of_one_name_export_is_ambiguous()
    {
        (string, string, string)[] modules =
        [
            ("env", "a.wat", "(module (func (export \"f\")))"), ("env", "b.wat", "(module (memory (export \"f\") 1))"),
            ("main", "c.wat", "(module (import \"env\" \"f\" (func)))"),
        ];

        Assert.Equal(
            "c.wat: import \"env\" \"f\" may be the export of a.wat or that of b.wat; give these modules names of their own",
            Assert.Throws<MergeException>(() => Merging.Merge(renamesConflicts: true, modules)).Message);
        Assert.Equal(["f", "env.f"], Merging.Merge(renamesConflicts: true, modules[..2]).Decode().Exports.Select(export => export.Name));
        Assert.Equal(
            "b.wat: export \"f\" is also one of a.wat (--rename-export-conflicts renames it)",
            Assert.Throws<MergeException>(() => Merging.Merge(renamesConflicts: false, modules[..2])).Message);
    }

    [Fact]
    public void What_two_modules_of_one_name_export_may_be_the_same_thing()
    {
        const string exportsAgain = "(module (import \"env\" \"memory\" (memory 1)) (import \"host\" \"log\" (func)) (export \"memory\" (memory 0)) (export \"log\" (func 0)))";

        var merged = Merging.Merge(
            ("env", exportsAgain),
            ("env", "(module (memory (export \"memory\") 3))"),
            ("env", exportsAgain),
            ("main", "(module (import \"env\" \"log\" (func)) (import \"env\" \"memory\" (memory 2)))"));

        var memory = Assert.Single(merged.Decode().Memories);
        Assert.Equal((3UL, false), (memory.Type.Limits.Min, memory.IsImported));
        Assert.Equal((4, 1, 2), (merged.ResolvedImports, merged.Imports, merged.Exports));
    }

    [Fact]
    public void An_import_that_no_module_of_its_name_exports_stays_with_one_note()
    {
        var merged = Merging.Merge(
            ("env", "(module (import \"env\" \"log\" (func)))"), ("env", "(module (import \"env\" \"log\" (func)) (func (export \"f\")))"));

        Assert.Equal((0, 1), (merged.ResolvedImports, merged.Imports));
        Assert.Equal(["env.wat: import \"env\" \"log\" stays, as none of the 2 modules of that name has such an export"], merged.Notes);
    }

    [Fact]
    public void Exports_of_imports_under_one_name_must_not_be_all_that_there_is()
    {
        const string module = "(module (import \"env\" \"f\" (func $f)) (export \"f\" (func $f)))";

        Assert.Equal("env.wat: import \"env\" \"f\" leads back to itself through exports of imports", Merging.Failure(("env", module), ("env", module)));
    }

    [Fact]
    public void Messages_show_hostile_names_in_one_line()
    {
        var longName = new string('x', 1000);

        var message = Merging.Failure(
            ("\n", $"(module (func (export \"{longName}\") (param i32)))"),
            ("b", $"(module (import \"\\0a\" \"{longName}\" (func)))"));

        Assert.StartsWith("b.wat: incompatible import type \"\\u{a}\" \"xxx", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.True(message.Length < 500);
    }

    [Fact]
    public void A_long_chain_of_exports_of_imports_is_followed_once()
    {
        const int length = 20_000;
        var imports = string.Concat(Enumerable.Range(0, length).Select(i => $"(import \"a\" \"{i + 1}\" (func))"));
        var exports = string.Concat(Enumerable.Range(0, length).Select(i => $"(export \"{i}\" (func {i}))"));

        var merged = Merging.Merge(("a", $"(module {imports} {exports} (func (export \"{length}\")))"));

        Assert.Equal((length, 0, length + 1), (merged.ResolvedImports, merged.Imports, merged.Exports));
        Assert.All(merged.Decode().Exports, export => Assert.Equal(0, export.Index));
    }
}
