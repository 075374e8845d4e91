using System.Text;

namespace Fermata.Emscripten.Tests;

/// <summary>
/// Pyodide's CPython, whose host is written for scripts: there are no objects of JavaScript. What its own JavaScript writes as a function of WebAssembly, as it would be a frame
/// of JavaScript in each call of a function of C, is WebAssembly here, too.
/// </summary>
internal sealed class Pyodide : IAsyncDisposable
{
    /// <summary>Calls a function with three parameters that may have fewer.</summary>
    private const string Trampoline =
        """
        (table (import "program" "__indirect_function_table") 0 funcref)
        (type $three (func (param i32 i32 i32) (result i32)))
        (type $two (func (param i32 i32) (result i32)))
        (type $one (func (param i32) (result i32)))
        (type $none (func (result i32)))
        (func (export "_PyEM_TrampolineCall_JS") (param $function i32) (param $self i32) (param $arguments i32) (param $keywords i32) (result i32)
          (local $found funcref)
          (local.set $found (table.get (local.get $function)))
          (if (ref.test (ref $three) (local.get $found))
            (then (return_call_indirect (type $three) (local.get $self) (local.get $arguments) (local.get $keywords) (local.get $function))))
          (if (ref.test (ref $two) (local.get $found))
            (then (return_call_indirect (type $two) (local.get $self) (local.get $arguments) (local.get $function))))
          (if (ref.test (ref $one) (local.get $found))
            (then (return_call_indirect (type $one) (local.get $self) (local.get $function))))
          (return_call_indirect (type $none) (local.get $function)))
        """;

    private static readonly ModuleInfo Supplement = ModuleInfo.Parse(Trampoline);

    private readonly EmscriptenInstance _instance;
    private readonly StringWriter _output;

    private Pyodide(EmscriptenInstance instance, StringWriter output) => (_instance, _output) = (instance, output);

    public EmscriptenInstance Instance => _instance;

    /// <summary>All that scripts have printed.</summary>
    public string Output => _output.ToString();

    public static async Task<Pyodide> StartAsync(bool suspendsEverywhere, InputStream? input = null, StoreOptions? options = null)
    {
        var program = await NpmProgram.LoadAsync("pyodide", "pyodide.asm.wasm", suspendsEverywhere, Supplement);
        var output = new StringWriter();
        var host = new EmscriptenHost()
            .WithProgramName("python").WithInput(input ?? InputStream.Empty).WithOutput(output).WithError(output)
            .WithDirectory("/", await FilesAsync()).WithWorkingDirectory("/home/pyodide")
            .WithEnvironment("HOME", "/home/pyodide").WithEnvironment("PYTHONINSPECT", "1").WithEnvironment("PYTHONUNBUFFERED", "1")
            .WithUnknownImportsAsTraps();
        DefineRuntime(host);
        var instance = await program.StartAsync(host, options);
        Assert.Equal(0, await instance.RunMainAsync([]));
        return new Pyodide(instance, output);
    }

    /// <summary>Runs a script.</summary>
    /// <returns>Whether it ended without an exception.</returns>
    public async Task<bool> RunAsync(string script)
    {
        var bytes = Encoding.UTF8.GetBytes(script + '\0');
        var text = _instance.GetFunction("malloc").Invoke(bytes.Length)[0].AsI32();
        bytes.CopyTo(_instance.Memory.GetSpan(text, bytes.Length));
        return (await _instance.GetFunction("PyRun_SimpleString").InvokeAsync(text))[0].AsI32() == 0;
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private static async Task<MemoryFileSystem> FilesAsync()
    {
        var files = new MemoryFileSystem();
        foreach (var directory in new[] { "/tmp", "/home/pyodide", "/lib/python3.14/site-packages", "/lib/python3.14/lib-dynload" })
            files.AddDirectory(directory);
        files.AddFile("/lib/python314.zip", await File.ReadAllBytesAsync(NpmProgram.PathOf("pyodide", "python_stdlib.zip")));
        return files;
    }

    /// <summary>What is called though no script has to do with JavaScript.</summary>
    private static void DefineRuntime(EmscriptenHost host)
    {
        var error = new object();
        host.Define("Jsv_GetError_import", object () => error)
            .Define("JsvError_Check", (object value) => ReferenceEquals(value, error) ? 1 : 0)
            .Define("_Py_CheckEmscriptenSignals_Helper", () => 0)
            .Define("_Py_emscripten_runtime", () => 0)
            .Define("__hiwire_deduplicate_new", object () => new Dictionary<object, int>())
            .Define("__hiwire_deduplicate_get", (Dictionary<object, int> numbers, object value) => numbers.GetValueOrDefault(value))
            .Define("__hiwire_deduplicate_set", (Dictionary<object, int> numbers, object value, int number) => { numbers[value] = number; })
            .Define("__hiwire_deduplicate_delete", (Dictionary<object, int> numbers, object value) => { numbers.Remove(value); })
            .Define("_try_fcntl64", (int _, int _, int _, int _) => 0)
            .Define("_maybe_poll_async", object? (int _, int _, int _) => null);
    }
}
