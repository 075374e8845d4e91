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
    public void WhatIsMergedIsCompiledInOneStep()
    {
        using var guest = new Guest();
        var module = StaticLinker.Load(guest.Engine, [new NamedModule("program", Program), new NamedModule("lib", Library)]);
        Assert.Equal(10, module.Instantiate(guest.Store, () => 3).GetFunction<Func<int>>("f")());
        Assert.Equal("modules", Assert.Throws<ArgumentException>(() => StaticLinker.Load(guest.Engine, [])).ParamName);
        Assert.Throws<OperationCanceledException>(() => StaticLinker.Load(guest.Engine, [new NamedModule("lib", Library)], new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("0b")] // An operand is missing.
    [InlineData("10090b")] // There is no function 9.
    [InlineData("10ffffffff0f0b")]
    public void FunctionsThatWereNotValidatedAreWhenTheyAreMerged(string code)
    {
        // (func (export "f") (result i32) …)
        var body = "00" + code;
        var bytes = Convert.FromHexString("0061736d01000000" + "0105016000017f" + "03020100" + "07050101660000" + $"0a{body.Length / 2 + 2:x2}01{body.Length / 2:x2}{body}");
        var expected = Assert.Throws<InvalidModuleException>(() => ModuleInfo.Read(bytes));
        NamedModule[] modules = [new("lib", Library), new("wrong", ModuleInfo.Read(bytes, validatesFunctions: false))];

        Assert.Equal(expected.Message, Assert.Throws<InvalidModuleException>(() => StaticLinker.Load(new Engine(), modules)).Message);
        Assert.Equal(expected.Message, Assert.Throws<InvalidModuleException>(() => StaticLinker.Merge(modules)).Message);
    }

    [Fact]
    public void AllButFunctionsIsValidatedInAnyCase()
    {
        var twice = Convert.FromHexString("0061736d01000000" + "010401600000" + "03020100" + "0709020166000001660000" + "0a040102000b");
        Assert.Contains("duplicate export", Assert.Throws<InvalidModuleException>(() => ModuleInfo.Read(twice, validatesFunctions: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatExceedsALimitOnlyTogetherIsAnError()
    {
        const string problem = "the merged module would be invalid: too many structure and array types: 120000, and the limit is 100000";
        NamedModule[] modules = [Structures("i32"), Structures("i64")];
        Assert.StartsWith(problem, Assert.Throws<MergeException>(() => StaticLinker.Merge(modules)).Message, StringComparison.Ordinal);
        Assert.StartsWith(problem, Assert.Throws<MergeException>(() => StaticLinker.Load(new Engine(), modules)).Message, StringComparison.Ordinal);

        static NamedModule Structures(string field) => new(field, ModuleInfo.Parse($"(rec {string.Concat(Enumerable.Repeat($"(type (struct (field {field})))", 60_000))})"));
    }

    [Fact]
    public void ThereMustBeAModule() => Assert.Equal("modules", Assert.Throws<ArgumentException>(() => StaticLinker.Merge([])).ParamName);
}
