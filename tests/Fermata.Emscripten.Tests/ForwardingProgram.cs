using System.Text;
using Fermata.Emscripten.Functions;

namespace Fermata.Emscripten.Tests;

/// <summary>A program that does nothing but call what it imports, for tests of single functions.</summary>
internal sealed class ForwardingProgram : IAsyncDisposable
{
    /// <summary>A memory, and an allocator that never frees, from the middle of the memory on.</summary>
    private const string Fields =
        """
        (memory (export "memory") 16 64)
        (global $top (mut i32) (i32.const 524288))
        (func (export "emscripten_builtin_memalign") (param $alignment i32) (param $size i32) (result i32)
          (local $address i32)
          (local.set $address (i32.and (i32.add (global.get $top) (i32.sub (local.get $alignment) (i32.const 1))) (i32.sub (i32.const 0) (local.get $alignment))))
          (global.set $top (i32.add (local.get $address) (local.get $size)))
          (local.get $address))
        """;

    private static readonly Engine Engine = new();

    private readonly EmscriptenInstance _instance;

    private ForwardingProgram(EmscriptenInstance instance) => _instance = instance;

    public Memory Memory => _instance.Memory;

    /// <summary>Starts a program that imports functions.</summary>
    /// <param name="host">What it is given.</param>
    /// <param name="names">The names of the functions.</param>
    public static async Task<ForwardingProgram> StartAsync(EmscriptenHost host, params string[] names)
    {
        using var store = new Store(Engine);
        return await StartAsync(host, [.. names.Select(name => (name, EmscriptenFunctions.Find(name)!.TypeIn(store)))]);
    }

    /// <summary>Starts a program that imports functions of given types.</summary>
    /// <param name="host">What it is given.</param>
    /// <param name="functions">The names and types.</param>
    public static async Task<ForwardingProgram> StartAsync(EmscriptenHost host, params (string Name, FuncType Type)[] functions)
    {
        var text = new StringBuilder();
        foreach (var (name, type) in functions)
            text.AppendLine($"(func ${name} (import \"env\" \"{name}\") {Signature(type)})");
        text.AppendLine(Fields);
        foreach (var (name, type) in functions)
            text.AppendLine($"(func (export \"{name}\") {Signature(type)} {string.Join(' ', type.Parameters.Select((_, index) => $"(local.get {index})"))} (call ${name}))");
        return new ForwardingProgram(await EmscriptenProgram.Load(Engine, ModuleInfo.Parse(text.ToString()).Bytes).StartAsync(host));
    }

    /// <summary>Calls a function, whose result is a number of 32 bits, or nothing, which counts as 0.</summary>
    public async Task<int> CallAsync(string name, params Value[] arguments) =>
        await _instance.GetFunction(name).InvokeAsync(arguments) is [var result] ? result.AsI32() : 0;

    /// <summary>Calls a function, of which it takes what it returns.</summary>
    public async Task<Value> ValueAsync(string name, params Value[] arguments) => (await _instance.GetFunction(name).InvokeAsync(arguments))[0];

    /// <summary>Calls a function that must succeed.</summary>
    public async Task<int> SucceedAsync(string name, params Value[] arguments)
    {
        var result = await CallAsync(name, arguments);
        Assert.True(result >= 0, $"{name}: {(Errno)(-result)}");
        return result;
    }

    /// <summary>Calls a function that must fail.</summary>
    public async Task FailAsync(Errno error, string name, params Value[] arguments) => Assert.Equal(error, (Errno)(-await CallAsync(name, arguments)));

    /// <summary>Writes a text that ends with a NUL.</summary>
    /// <returns>Where it is: the same place each time, unless another is given.</returns>
    public int Text(string text, int address = 1024)
    {
        Memory.WriteUtf8(address, text, zeroTerminated: true);
        return address;
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private static string Signature(FuncType type) =>
        $"(param {string.Join(' ', type.Parameters)}) (result {string.Join(' ', type.Results)})";
}
