using System.Text;

namespace Fermata.Tests.Hosting;

/// <summary>What tools learn of modules that are not compiled.</summary>
public sealed class ModuleInfoTests
{
    private const string Text = """
        (module $demo
          (type $t (func (param i32) (result i32)))
          (import "env" "wait" (func $wait (type $t)))
          (import "env" "memory" (memory 1 2))
          (global $__stack_pointer (mut i32) (i32.const 1024))
          (table 3 funcref)
          (tag (param i32))
          (elem (i32.const 0) $outer $pure)
          (data (i32.const 8) "hello")
          (data "abc")
          (func $pure (export "pure") (result i32) (i32.const 1))
          (func (export "inner") (export "again") (result i32) (call $wait (i32.const 1)))
          (func $outer (type $t) (call_indirect (type $t) (local.get 0) (i32.const 0)))
          (func $start (drop (call $pure)))
          (start $start))
        """;

    [Fact]
    public void TheFunctionsTellWhichMaySuspend()
    {
        var functions = ModuleInfo.Parse(Text).Functions;
        Assert.Equal(
            [(0, "wait", true, true), (1, "pure", false, false), (2, "inner", false, true), (3, "outer", false, true), (4, "start", false, false)],
            functions.Select(function => (function.Index, function.Name, function.IsImported, function.MaySuspend)));
        Assert.Equal([0, 3], functions.Take(2).Select(function => function.CodeBytes));
        Assert.Equal("(func (param i32) (result i32))", functions[3].Type.ToString());
    }

    [Fact]
    public void EverythingElseIsListed()
    {
        var info = ModuleInfo.Parse(Encoding.UTF8.GetBytes(Text));
        Assert.Equal("demo", info.Name);
        Assert.Equal(["env.wait (func (param i32) (result i32))", "env.memory (memory 1 2)"], info.Imports.Select(import => $"{import.Module}.{import.Name} {import.Type}"));
        Assert.Equal(["pure", "inner", "again"], info.Exports.Select(export => export.Name));
        Assert.Equal(["(memory 1 2)", "(table 3 funcref)", "(global (mut i32))", "(tag (func (param i32)))"], new ExternType[]
        {
            Assert.Single(info.Memories), Assert.Single(info.Tables), Assert.Single(info.Globals), Assert.Single(info.Tags),
        }.Select(type => type.ToString()));
        Assert.Equal([2], info.ElementSegments);
        Assert.Equal([5, 3], info.DataSegments);
        Assert.Equal((4, 4), (info.TypeCount, info.StartFunction));
        Assert.Equal((0, "__stack_pointer", StackPointerSource.NameSection), (info.StackPointer!.GlobalIndex, info.StackPointer.GlobalName, info.StackPointer.Source));
        Assert.Equal(["name"], info.CustomSections.Select(section => section.Name));
        Assert.Empty(info.CustomSectionProblems);
    }

    [Fact]
    public void ABinaryModuleIsReadAsItIs()
    {
        var bytes = ModuleInfo.Parse(Text).Bytes;
        var info = ModuleInfo.Read(bytes);
        Assert.True(bytes.Span.SequenceEqual(info.Bytes.Span));
        var (first, second) = (new StringWriter(), new StringWriter());
        info.WriteText(first);
        Module.Load(new Engine(), bytes).WriteText(second);
        Assert.Equal(second.ToString(), first.ToString());
        Assert.Null(ModuleInfo.Parse("").StackPointer);
        Assert.Null(ModuleInfo.Parse("").StartFunction);
    }

    [Fact]
    public void WhatIsWrongHasItsPlaceInTheText()
    {
        var invalid = Assert.Throws<InvalidModuleException>(() => ModuleInfo.Parse("(module\n  (func (result i32)))"));
        Assert.Equal((2, 21), (invalid.Line, invalid.Column));
        var malformed = Assert.Throws<MalformedModuleException>(() => ModuleInfo.Parse("(module"));
        Assert.Equal((1, 8), (malformed.Line, malformed.Column));
        Assert.All(ModuleInfo.Parse("(func)\n(@custom \"name\" \"\\63\")").CustomSectionProblems, problem => Assert.Equal(2, problem.Line));
        Assert.Equal(4, Assert.Throws<MalformedModuleException>(() => ModuleInfo.Read("\0asm"u8.ToArray())).Offset);
    }

    [Fact]
    public void AModuleThatDotNetCannotCompileIsReadAllTheSame()
    {
        var text = $"(func (local {string.Concat(Enumerable.Repeat("i32 ", 49_000))}) {string.Concat(Enumerable.Range(0, 49_000).Select(i => $"(local.set {i} (i32.const 1)) (call 0)"))})";
        Assert.Throws<NotSupportedException>(() => Module.Parse(new Engine(), text));
        Assert.True(Assert.Single(ModuleInfo.Parse(text).Functions).CodeBytes > 49_000);
    }
}
