using System.Text;

namespace Fermata.Emscripten.Tests;

/// <summary>MicroPython, whose host is written for scripts without JavaScript's objects. Eleven of its imports are calls that <c>longjmp</c> ends (<c>invoke_…</c>).</summary>
internal sealed class MicroPython : IAsyncDisposable
{
    private const int StackBytes = 64 * 1024, HeapBytes = 1024 * 1024;

    private readonly EmscriptenProgram _program;
    private readonly EmscriptenInstance _instance;
    private readonly StringWriter _output;

    private MicroPython(EmscriptenProgram program, EmscriptenInstance instance, StringWriter output) => (_program, _instance, _output) = (program, instance, output);

    /// <summary>All that scripts have printed.</summary>
    public string Output => _output.ToString();

    public static async Task<MicroPython> StartAsync(bool suspendsEverywhere, Action<EmscriptenHost>? configure = null)
    {
        var program = await NpmProgram.LoadAsync("@micropython/micropython-webassembly-pyscript", "micropython.wasm", suspendsEverywhere);
        var (host, output) = Host(configure);
        var instance = await program.StartAsync(host);
        await instance.GetFunction("mp_js_init").InvokeAsync(StackBytes, HeapBytes);
        return new MicroPython(program, instance, output);
    }

    /// <summary>An image of it as it is.</summary>
    public EmscriptenImage Capture() => _instance.Capture();

    /// <summary>Another one that begins with an image.</summary>
    public async Task<MicroPython> StartAsync(EmscriptenImage image, Action<EmscriptenHost>? configure = null)
    {
        var (host, output) = Host(configure);
        return new MicroPython(_program, await _program.StartAsync(host, image), output);
    }

    /// <summary>Runs a script.</summary>
    /// <returns>The kind of what it gives, as MicroPython numbers them: 1 for None, -1 for an exception.</returns>
    public async Task<int> RunAsync(string script)
    {
        var bytes = Encoding.UTF8.GetBytes(script + '\0');
        var (text, result) = (Allocate(bytes.Length), Allocate(3 * sizeof(int)));
        bytes.CopyTo(_instance.Memory.GetSpan(text, bytes.Length));
        await _instance.GetFunction("mp_js_do_exec").InvokeAsync(text, bytes.Length - 1, result);
        return _instance.Memory.Read<int>(result);
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private static (EmscriptenHost Host, StringWriter Output) Host(Action<EmscriptenHost>? configure)
    {
        var output = new StringWriter();
        var host = new EmscriptenHost().WithOutput(output).WithError(output).WithUnknownImportsAsTraps().Define("mp_js_time_ms", () => 0.0).Define("mp_js_ticks_ms", () => 0);
        configure?.Invoke(host);
        return (host, output);
    }

    private int Allocate(int bytes) => _instance.GetFunction("malloc").Invoke(bytes)[0].AsI32();
}
