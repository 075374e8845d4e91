namespace Fermata.Emscripten.Tests;

/// <summary>Programs that begin where another one was.</summary>
public sealed class ImageTests
{
    private const string Program = """
        (import "env" "__syscall_openat" (func $open (param i32 i32 i32 i32) (result i32)))
        (import "env" "__syscall_chdir" (func $chdir (param i32) (result i32)))
        (import "env" "__syscall_getcwd" (func $getcwd (param i32 i32) (result i32)))
        (import "env" "_setitimer_js" (func $timer (param i32 f64) (result i32)))
        (import "env" "look" (func $look (param externref)))
        (memory (export "memory") 1)
        (table (export "__indirect_function_table") 3 funcref)
        (table $objects 1 externref)
        (data (i32.const 16) "/tmp\00/tmp/file\00")
        (global $constructed (mut i32) (i32.const 0))
        (func (export "__wasm_call_ctors") (global.set $constructed (i32.add (global.get $constructed) (i32.const 1))))
        (func (export "constructed") (result i32) (global.get $constructed))
        (func (export "_emscripten_timeout") (param i32 f64))
        (func (export "enter") (drop (call $chdir (i32.const 16))))
        (func (export "where") (result i32) (drop (call $getcwd (i32.const 100) (i32.const 20))) (i32.const 100))
        (func (export "open") (drop (call $open (i32.const -100) (i32.const 21) (i32.const 0x42) (i32.const 0))))
        (func (export "time") (drop (call $timer (i32.const 0) (f64.const 10000))))
        (func (export "keep") (param externref) (table.set $objects (i32.const 0) (local.get 0)))
        (func (export "show") (call $look (table.get $objects (i32.const 0))))
        """;

    private readonly EmscriptenProgram _program = EmscriptenProgram.Load(new Engine(), ModuleInfo.Parse(Program).Bytes);
    private readonly List<object?> _seen = [];

    [NpmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnInterpreterHasWhatAnotherOneHad(bool suspendsEverywhere)
    {
        await using var first = await MicroPython.StartAsync(suspendsEverywhere);
        Assert.Equal(1, await first.RunAsync("numbers = [1, 2]\ndef f(n): return sum(numbers) + n"));
        using var image = first.Capture();
        Assert.Equal(1, await first.RunAsync("numbers.append(1000)"));

        await using var second = await first.StartAsync(image);
        await using var third = await first.StartAsync(image);
        Assert.Equal(1, await second.RunAsync("numbers.append(3)\nprint(f(10))"));
        Assert.Equal(1, await third.RunAsync("print(f(20))"));
        Assert.Equal(("", "16\n", "23\n"), (first.Output, second.Output.ReplaceLineEndings("\n"), third.Output.ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task ConstructorsHaveRunAndWhatTheProgramHasSetIsSet()
    {
        await using var first = await StartAsync();
        first.GetFunction("enter").Invoke();
        using var image = first.Capture();
        await using var second = await _program.StartAsync(Host(), image);
        Assert.Equal(1, second.GetFunction("constructed").Invoke()[0].AsI32());
        Assert.Equal("/tmp", second.Memory.ReadUtf8(second.GetFunction("where").Invoke()[0].AsI32()));
    }

    [Fact]
    public async Task WhatAnImageCannotHaveIsNamed()
    {
        await using var instance = await StartAsync();
        instance.GetFunction("time").Invoke();
        Assert.Equal("There can be no image of the program: a timer runs.", Assert.Throws<InvalidOperationException>(() => instance.Capture()).Message);
        instance.GetFunction("open").Invoke();
        Assert.Equal("There can be no image of the program: a file is open.", Assert.Throws<InvalidOperationException>(() => instance.Capture()).Message);

        await using var other = await StartAsync();
        var pointer = other.AddFunction(() => 1);
        Assert.Equal(
            "There can be no image of the program: it was given functions to call through pointers.", Assert.Throws<InvalidOperationException>(() => other.Capture()).Message);
        other.RemoveFunction(pointer);
        other.Capture().Dispose();
    }

    [Fact]
    public async Task ObjectsOfTheHostAreTheHostsToKeep()
    {
        await using var first = await StartAsync();
        first.GetFunction("keep").Invoke(Value.FromExternRef(new List<int> { 1 }));
        Assert.StartsWith("The program has a reference to an object of the host, System.Collections.Generic.List", Assert.Throws<NotSupportedException>(() => first.Capture()).Message, StringComparison.Ordinal);
        using var image = first.Capture(value => ((List<int>)value).Count);
        await using var second = await _program.StartAsync(Host(), image, load: count => $"{count} of them");
        second.GetFunction("show").Invoke();
        Assert.Equal(["1 of them"], _seen);
    }

    [Fact]
    public async Task AnImageIsOfOneProgram()
    {
        await using var first = await StartAsync();
        using var image = first.Capture();
        var other = EmscriptenProgram.Load(new Engine(), ModuleInfo.Parse(Program).Bytes);
        Assert.StartsWith("The image is of another program.", (await Assert.ThrowsAsync<ArgumentException>(() => other.StartAsync(Host(), image))).Message, StringComparison.Ordinal);
    }

    private Task<EmscriptenInstance> StartAsync() => _program.StartAsync(Host());

    private EmscriptenHost Host()
    {
        var files = new MemoryFileSystem();
        files.AddDirectory("/tmp");
        return new EmscriptenHost().WithDirectory("/", files).Define("look", (object? value) => _seen.Add(value));
    }
}
