using System.Text;

namespace Fermata.Emscripten.Tests.DynamicLinking;

/// <summary>A main module in the text format, as Emscripten would compile it, and libraries for it.</summary>
internal sealed class LinkedProgram : IAsyncDisposable
{
    private const int Handle = 1024, Text = 2048;

    private const string Fields = """
        (memory (export "memory") 4)
        (table $table (export "__indirect_function_table") 4 funcref)
        (global $__stack_pointer (export "__stack_pointer") (mut i32) (i32.const 65536))
        (global $next (mut i32) (i32.const 100001))
        (global $error (export "error") (mut i32) (i32.const 0))
        (func (export "malloc") (param i32) (result i32)
          (if (i32.gt_u (local.get 0) (i32.const 100000)) (then (return (i32.const 0))))
          (global.get $next)
          (global.set $next (i32.add (global.get $next) (local.get 0))))
        (func (export "__dl_seterr") (param i32 i32) (global.set $error (local.get 0)))
        (func (export "open") (param i32) (result i32) (call $dlopen (local.get 0)))
        (func (export "symbol") (param i32 i32) (result i32) (call $dlsym (local.get 0) (local.get 1) (i32.const 0)))
        (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0)))
        """;

    private static readonly Engine Plain = new();
    private static readonly Engine Suspending = new(new EngineOptions { SuspendEverywhere = true });

    private readonly MemoryFileSystem _files;
    private int _handle = Handle;

    private LinkedProgram(EmscriptenInstance instance, MemoryFileSystem files) => (Instance, _files) = (instance, files);

    public EmscriptenInstance Instance { get; }

    /// <summary>What <c>dlerror</c> tells.</summary>
    public string Error => ReadText(Instance.Instance.GetGlobal("error").Value.AsI32());

    /// <summary>Starts a main module.</summary>
    /// <param name="suspendsEverywhere">Whether it suspends at every call.</param>
    /// <param name="imports">Its imports.</param>
    /// <param name="fields">Its other fields.</param>
    /// <param name="configure">Tells more of the host.</param>
    public static async Task<LinkedProgram> StartAsync(bool suspendsEverywhere, string imports = "", string fields = "", Action<EmscriptenHost>? configure = null)
    {
        var module = ModuleInfo.Parse(
            $"""
            (module $main
            (import "env" "_dlopen_js" (func $dlopen (param i32) (result i32)))
            (import "env" "_dlsym_js" (func $dlsym (param i32 i32 i32) (result i32)))
            {imports}
            {Fields}
            {fields})
            """).Bytes;
        var files = new MemoryFileSystem();
        files.AddDirectory("/lib");
        var host = new EmscriptenHost().WithDirectory("/", files);
        configure?.Invoke(host);
        return new LinkedProgram(await EmscriptenProgram.Load(suspendsEverywhere ? Suspending : Plain, module).StartAsync(host), files);
    }

    /// <summary>A library: its module imports the usual things before what is given.</summary>
    /// <param name="fields">The fields of the module.</param>
    /// <param name="section">The content of its section <c>dylink.0</c>, from <see cref="Memory"/> and others; null for 16 bytes of memory that begin at a multiple of 16, and two elements of the table.</param>
    public static byte[] Library(string fields, byte[]? section = null)
    {
        var module = ModuleInfo.Parse(
            $"""
            (module $side
            (import "env" "memory" (memory 0))
            (import "env" "__indirect_function_table" (table $table 0 funcref))
            (import "env" "__memory_base" (global $memory_base i32))
            (import "env" "__table_base" (global $table_base i32))
            (import "env" "__stack_pointer" (global $__stack_pointer (mut i32)))
            {fields})
            """).Bytes;
        return [.. module.Span, .. Section(0, [.. Name("dylink.0"), .. section ?? Memory(16, 4, 2, 0)])];
    }

    public static byte[] Memory(byte size, byte alignment, byte tableSize, byte tableAlignment) => Section(1, [size, alignment, tableSize, tableAlignment]);

    public static byte[] Needed(params string[] libraries) => Section(2, [(byte)libraries.Length, .. libraries.SelectMany(Name)]);

    public static byte[] Weak(params string[] symbols) =>
        Section(4, [(byte)symbols.Length, .. symbols.SelectMany(symbol => (byte[])[.. Name("env"), .. Name(symbol), 1])]);

    public static byte[] RuntimePaths(params string[] paths) => Section(5, [(byte)paths.Length, .. paths.SelectMany(Name)]);

    public void AddFile(string path, byte[] content) => _files.AddFile(path, content);

    /// <summary>Opens a library as the program does.</summary>
    /// <returns>The handle; zero if it failed.</returns>
    public async Task<int> OpenAsync(string name, bool isGlobal = true)
    {
        var handle = WriteHandle(name, isGlobal);
        return (await Instance.GetFunction("open").InvokeAsync(handle))[0].AsI32() == 0 ? 0 : handle;
    }

    public int WriteHandle(string name, bool isGlobal)
    {
        _handle += 128;
        Instance.Memory.Write(_handle + 4, isGlobal ? 0x100 : 0);
        WriteText(_handle + 36, name);
        return _handle;
    }

    public int Symbol(int handle, string name)
    {
        WriteText(Text, name);
        return Instance.GetFunction("symbol").Invoke(handle, Text)[0].AsI32();
    }

    /// <summary>Calls a function of the program without parameters.</summary>
    public async Task<int> CallAsync(string function) => (await Instance.GetFunction(function).InvokeAsync())[0].AsI32();

    /// <summary>Calls what a pointer points to.</summary>
    public async Task<int> CallAsync(int pointer) => (await Instance.GetFunction("call").InvokeAsync(pointer))[0].AsI32();

    public ValueTask DisposeAsync() => Instance.DisposeAsync();

    private static byte[] Section(byte kind, byte[] content) => [kind, (byte)content.Length, .. content];

    private static byte[] Name(string name) => [(byte)name.Length, .. Encoding.UTF8.GetBytes(name)];

    private void WriteText(int address, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        bytes.CopyTo(Instance.Memory.GetSpan(address, bytes.Length));
    }

    private string ReadText(int address)
    {
        var rest = Instance.Memory.GetSpan(address, 1000);
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
