using System.Text;

namespace Fermata.Emscripten.Tests;

/// <summary>PHP as WordPress Playground has it, with the files and functions that its C code wants of its host.</summary>
internal sealed class Php : IAsyncDisposable
{
    private const string Ini = "/internal/shared/php.ini", Output = "/request/stdout", Headers = "/request/headers";

    private readonly EmscriptenInstance _instance;

    private Php(EmscriptenInstance instance, MemoryFileSystem files) => (_instance, Files) = (instance, files);

    /// <summary>The files of the program.</summary>
    public MemoryFileSystem Files { get; }

    public static async Task<Php> StartAsync(bool suspendsEverywhere, StoreOptions? options = null, TimeProvider? clock = null)
    {
        var program = await NpmProgram.LoadAsync("@php-wasm/node-8-4", "jspi/8_4_25/php_8_4.wasm", suspendsEverywhere);
        var files = new MemoryFileSystem();
        foreach (var directory in new[] { "/tmp", "/internal/shared", "/request", "/home/web_user", "/www" })
            files.AddDirectory(directory);
        foreach (var file in new[] { Output, "/request/stderr", Headers })
            files.AddText(file, "");
        files.AddText(Ini, "display_errors = stdout\nsession.save_path = /tmp\nhtml_errors = 0\n");
        var host = new EmscriptenHost()
            .WithProgramName("php").WithDirectory("/", files).WithClock(clock ?? TimeProvider.System).WithUnknownImportsAsTraps()
            .Define("js_getpid", () => 42)
            .Define("js_wasm_trace", (int _) => { })
            .Define("js_release_file_locks", () => { })
            .DefineAs("js_fd_read", "fd_read")
            .Define("js_flock", (int _, int _) => 0)
            .Define("js_popen_get_pid_for_fd", (int _) => 0);
        return new Php(await program.StartAsync(host, options), files);
    }

    /// <summary>Runs code as the command line does.</summary>
    /// <returns>The exit code, and what was printed.</returns>
    public async Task<(int ExitCode, string Output)> RunAsync(string code)
    {
        foreach (var argument in new[] { "php", "-c", Ini, "-r", code })
            await _instance.GetFunction("wasm_add_cli_arg").InvokeAsync(NewText(argument));
        try
        {
            return ((await _instance.GetFunction("run_cli").InvokeAsync())[0].AsI32(), Files.ReadText(Output));
        }
        catch (WasmExitException e)
        {
            return (e.ExitCode, Files.ReadText(Output));
        }
    }

    /// <summary>Begins to serve requests.</summary>
    public async Task ListenAsync()
    {
        await _instance.GetFunction("wasm_set_phpini_path").InvokeAsync(NewText(Ini));
        await _instance.GetFunction("php_wasm_init").InvokeAsync();
    }

    /// <summary>Serves a request.</summary>
    /// <param name="script">The path of the script.</param>
    /// <param name="query">The query, behind the question mark.</param>
    /// <param name="cookies">The cookies, as the header has them.</param>
    /// <returns>The body of the answer, and its headers as PHP writes them.</returns>
    public async Task<(string Body, string Headers)> RequestAsync(string script, string query = "", string cookies = "")
    {
        foreach (var file in new[] { Output, Headers })
            Files.AddText(file, "");
        foreach (var (setter, value) in new[]
        {
            ("wasm_set_request_uri", $"{script}?{query}"), ("wasm_set_query_string", query), ("wasm_set_request_method", "GET"), ("wasm_set_request_host", "localhost"),
            ("wasm_set_cookies", cookies), ("wasm_set_path_translated", script),
        })
        {
            await _instance.GetFunction(setter).InvokeAsync(NewText(value));
        }

        Assert.Equal(0, (await _instance.GetFunction("wasm_sapi_handle_request").InvokeAsync())[0].AsI32());
        return (Files.ReadText(Output), Files.ReadText(Headers));
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private int NewText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        var address = _instance.GetFunction("malloc").Invoke(bytes.Length)[0].AsI32();
        bytes.CopyTo(_instance.Memory.GetSpan(address, bytes.Length));
        return address;
    }
}
