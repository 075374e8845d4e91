namespace Fermata.Emscripten.Tests;

/// <summary>Side modules that a program loads while it runs.</summary>
public sealed class LibraryTests
{
    private const int Handle = 1024, Name = 36, Symbol = 2048, IsGlobal = 0x100;

    /// <summary>A program that calls <c>_dlopen_js</c> and <c>_dlsym_js</c>.</summary>
    private const string Main = """
        (import "env" "_dlopen_js" (func $open (param i32) (result i32)))
        (import "env" "_dlsym_js" (func $find (param i32 i32 i32) (result i32)))
        (memory (export "memory") 4)
        (table (export "__indirect_function_table") 1 funcref)
        (global (export "__stack_pointer") (mut i32) (i32.const 4096))
        (global (export "shared") i32 (i32.const 512))
        (global $top (mut i32) (i32.const 8192))
        (func $allocate (export "malloc") (param i32) (result i32) (global.get $top) (global.set $top (i32.add (global.get $top) (i32.and (i32.add (local.get 0) (i32.const 15)) (i32.const -16)))))
        (func (export "emscripten_builtin_memalign") (param i32 i32) (result i32) (call $allocate (local.get 1)))
        (func (export "free") (param i32))
        (func (export "setThrew") (param i32 i32))
        (func (export "__dl_seterr") (param $format i32) (param $arguments i32) (i32.store (i32.const 600) (i32.load (local.get $arguments))))
        (func (export "triple") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
        (func (export "open") (param i32) (result i32) (call $open (local.get 0)))
        (func (export "find") (param i32 i32) (result i32) (call $find (local.get 0) (local.get 1) (i32.const 700)))
        (func (export "call") (param i32 i32) (result i32) (call_indirect (param i32) (result i32) (local.get 1) (local.get 0)))
        """;

    /// <summary>A library with 16 bytes of data and two functions in the table, of which it relocates one.</summary>
    private const string Side = """
        (import "env" "memory" (memory 1))
        (import "env" "__indirect_function_table" (table 2 funcref))
        (import "env" "__memory_base" (global $memory i32))
        (import "env" "__table_base" (global $table i32))
        (import "env" "triple" (func $triple (param i32) (result i32)))
        (import "GOT.mem" "shared" (global $shared (mut i32)))
        (import "GOT.mem" "counter" (global $counter (mut i32)))
        (import "GOT.func" "triple" (global $pointer (mut i32)))
        (global (export "counter") i32 (i32.const 4))
        (elem (global.get $table) $work $work)
        (func (export "__wasm_apply_data_relocs") (i32.store (global.get $memory) (global.get $pointer)))
        (func (export "__wasm_call_ctors") (i32.store (global.get $counter) (i32.const 100)))
        (func $work (export "work") (param i32) (result i32)
          (i32.add
            (i32.add (call $triple (local.get 0)) (i32.load (global.get $counter)))
            (i32.add (call_indirect (param i32) (result i32) (i32.const 1000) (i32.load (global.get $memory))) (i32.load (global.get $shared)))))
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALibraryIsLinkedWithTheProgram(bool suspendsEverywhere)
    {
        await using var program = await StartAsync(suspendsEverywhere, ("/lib/side.so", SideModule(Side)));
        program.Memory.Write(512, 50_000);

        Assert.Equal(1, await CallAsync(program, "open", Handle));
        var work = await FindAsync(program, "work");
        Assert.Equal(6 + 100 + 3000 + 50_000, await CallAsync(program, "call", work, 2));

        var counter = await FindAsync(program, "counter");
        Assert.Equal(100, program.Memory.Read<int>(counter));
        Assert.Equal(counter - 4, program.Memory.Read<int>(Handle + 12));
        Assert.Equal((1, 2), (program.Memory.Read<int>(Handle + 20), program.Memory.Read<int>(Handle + 24)));
    }

    [Theory]
    [InlineData("/lib/none.so", "/lib/none.so cannot be read: ENOENT")]
    [InlineData("/lib/text.so", "magic header not detected")]
    [InlineData("/lib/plain.so", "it has no section dylink.0")]
    [InlineData("/lib/needs.so", "unknown import \"GOT.func\" \"nobody\"")]
    public async Task WhyALibraryCannotBeLoadedIsTold(string path, string reason)
    {
        await using var program = await StartAsync(
            suspendsEverywhere: false, path, ("/lib/text.so", "no module"u8.ToArray()), ("/lib/plain.so", ModuleInfo.Parse("").Bytes.ToArray()),
            ("/lib/needs.so", SideModule("""(import "GOT.func" "nobody" (global (mut i32)))""")));

        Assert.Equal(0, await CallAsync(program, "open", Handle));

        var error = program.Memory.ReadUtf8(program.Memory.Read<int>(600));
        Assert.StartsWith($"could not load dynamic lib: {path}\n", error, StringComparison.Ordinal);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASymbolThatNobodyDefinesIsNull()
    {
        await using var program = await StartAsync(suspendsEverywhere: false, ("/lib/side.so", SideModule(Side)));
        Assert.Equal(1, await CallAsync(program, "open", Handle));
        Assert.Equal(0, await FindAsync(program, "nothing"));
        Assert.Contains("unknown symbol \"nothing\"", program.Memory.ReadUtf8(program.Memory.Read<int>(600)), StringComparison.Ordinal);
    }

    private static Task<EmscriptenInstance> StartAsync(bool suspendsEverywhere, params (string Path, byte[] Content)[] files) => StartAsync(suspendsEverywhere, files[0].Path, files);

    private static async Task<EmscriptenInstance> StartAsync(bool suspendsEverywhere, string path, params (string Path, byte[] Content)[] files)
    {
        var tree = new MemoryFileSystem();
        foreach (var (file, content) in files)
            tree.AddFile(file, content);
        var engine = new Engine(new EngineOptions { SuspendEverywhere = suspendsEverywhere });
        var program = await EmscriptenProgram.Load(engine, ModuleInfo.Parse(Main).Bytes).StartAsync(new EmscriptenHost().WithDirectory("/", tree));
        program.Memory.Write(Handle + 4, IsGlobal);
        program.Memory.WriteUtf8(Handle + Name, path, zeroTerminated: true);
        return program;
    }

    private static async Task<int> CallAsync(EmscriptenInstance program, string name, params Value[] arguments) =>
        (await program.GetFunction(name).InvokeAsync(arguments))[0].AsI32();

    private static Task<int> FindAsync(EmscriptenInstance program, string symbol)
    {
        program.Memory.WriteUtf8(Symbol, symbol, zeroTerminated: true);
        return CallAsync(program, "find", Handle, Symbol);
    }

    /// <summary>A module behind a section <c>dylink.0</c>: 16 bytes of memory at a multiple of 4, and 2 functions.</summary>
    private static byte[] SideModule(string text)
    {
        const int header = 8;
        byte[] content = [8, .. "dylink.0"u8, 1, 4, 16, 2, 2, 0];
        var module = ModuleInfo.Parse(text).Bytes.ToArray();
        return [.. module[..header], 0, (byte)content.Length, .. content, .. module[header..]];
    }
}
