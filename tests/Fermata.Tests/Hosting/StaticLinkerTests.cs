namespace Fermata.Tests.Hosting;

/// <summary>Static linking by the public interface; what it does is tested beside the linker's parts.</summary>
public sealed class StaticLinkerTests
{
    private static readonly ModuleInfo Library = ModuleInfo.Parse("""(func (export "seven") (result i32) (i32.const 7))""");

    private static readonly ModuleInfo Program = ModuleInfo.Parse("""
        (import "lib" "seven" (func $seven (result i32)))
        (import "env" "more" (func $more (result i32)))
        (func (export "f") (result i32) (i32.add (call $seven) (call $more)))
        """);

    [Fact]
    public void ImportsOfOneBecomeExportsOfAnother()
    {
        var merged = StaticLinker.Merge([new NamedModule("program", Program), new NamedModule("lib", Library)]);
        Assert.Equal((1, 1, 2), (merged.ResolvedImports, merged.Imports, merged.Exports));
        Assert.Empty(merged.Notes);
        using var guest = new Guest();
        var instance = Module.Load(guest.Engine, merged.Bytes).Instantiate(guest.Store, () => 3);
        Assert.Equal(10, instance.GetFunction<Func<int>>("f")());
    }

    [Fact]
    public void WhatDoesNotFitIsToldWithItsSource()
    {
        var wrong = ModuleInfo.Parse("""(import "lib" "seven" (func (result i64)))""");
        var error = Assert.Throws<MergeException>(
            () => StaticLinker.Merge([new NamedModule("wrong", wrong) { Source = "wrong.wasm" }, new NamedModule("lib", Library)]));
        Assert.StartsWith("wrong.wasm: incompatible import type \"lib\" \"seven\"", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<MergeException>(() => StaticLinker.Merge([new NamedModule("a", Library), new NamedModule("b", Library)]));
        Assert.Contains("seven", error.Message, StringComparison.Ordinal);
        var renamed = StaticLinker.Merge([new NamedModule("a", Library), new NamedModule("b", Library)], renamesConflicts: true);
        Assert.Equal(["seven", "b.seven"], ModuleInfo.Read(renamed.Bytes).Exports.Select(export => export.Name));
    }

    [Fact]
    public void ThereMustBeAModule() => Assert.Equal("modules", Assert.Throws<ArgumentException>(() => StaticLinker.Merge([])).ParamName);
}
