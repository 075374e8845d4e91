using System.Text;
using Fermata.Platform.Network;

namespace Fermata.Emscripten.Tests;

/// <summary>PHP as WordPress Playground has it, with the files and functions that its C code wants of its host.</summary>
internal sealed class Php : IAsyncDisposable
{
    /// <summary>What PHP's own JavaScript does with sockets, which here are those of POSIX: the functions of the C library that it has in mind.</summary>
    private const string Sockets =
        """
        (memory (import "program" "memory") 0)
        (import "program" "_emscripten_stack_alloc" (func $allocate (param i32) (result i32)))
        (import "program" "_emscripten_stack_restore" (func $restore (param i32)))
        (import "program" "emscripten_stack_get_current" (func $current (result i32)))
        (import "program" "poll" (func $poll (param i32 i32 i32) (result i32)))
        (import "program" "close" (func $close (param i32) (result i32)))
        (import "program" "shutdown" (func $shutdown (param i32 i32) (result i32)))
        (import "program" "__errno_location" (func $errno (result i32)))
        (import "env" "__syscall_setsockopt" (func $setsockopt (param i32 i32 i32 i32 i32 i32) (result i32)))
        (export "wasm_close" (func $close))
        (export "wasm_shutdown" (func $shutdown))
        (func (export "wasm_setsockopt") (param i32 i32 i32 i32 i32) (result i32)
          (local $result i32)
          (local.set $result (call $setsockopt (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (i32.const 0)))
          (if (result i32) (i32.lt_s (local.get $result) (i32.const 0))
            (then (i32.store (call $errno) (i32.sub (i32.const 0) (local.get $result))) (i32.const -1))
            (else (local.get $result))))
        (func (export "__asyncjs__wasm_poll_socket") (param $socket i32) (param $events i32) (param $timeout i32) (result i32)
          (local $stack i32) (local $polled i32) (local $result i32)
          ;; POLLIN with POLLOUT and nothing else is how its select asks whether there is something to read.
          (if (i32.eq (local.get $events) (i32.const 5)) (then (local.set $events (i32.const 1))))
          (local.set $stack (call $current))
          (local.set $polled (call $allocate (i32.const 16)))
          (i32.store (local.get $polled) (local.get $socket))
          (i32.store offset=4 (local.get $polled) (i32.and (local.get $events) (i32.const 0xffff)))
          (local.set $result (call $poll (local.get $polled) (i32.const 1) (local.get $timeout)))
          (call $restore (local.get $stack))
          (local.get $result))
        """;

    private const string Ini = "/internal/shared/php.ini", Output = "/request/stdout", Headers = "/request/headers";

    private static readonly ModuleInfo Supplement = ModuleInfo.Parse(Sockets);

    private readonly EmscriptenInstance _instance;

    private Php(EmscriptenInstance instance, MemoryFileSystem files) => (_instance, Files) = (instance, files);

    /// <summary>The files of the program.</summary>
    public MemoryFileSystem Files { get; }

    public static async Task<Php> StartAsync(bool suspendsEverywhere, StoreOptions? options = null, NetworkPolicy? network = null)
    {
        var program = await NpmProgram.LoadAsync("@php-wasm/node-8-4", "jspi/8_4_25/php_8_4.wasm", suspendsEverywhere, Supplement);
        var files = new MemoryFileSystem();
        foreach (var directory in new[] { "/tmp", "/internal/shared", "/request", "/home/web_user", "/www" })
            files.AddDirectory(directory);
        foreach (var file in new[] { Output, "/request/stderr", Headers })
            files.AddText(file, "");
        files.AddText(Ini, "display_errors = stdout\nsession.save_path = /tmp\nhtml_errors = 0\n");
        var host = new EmscriptenHost()
            .WithProgramName("php").WithDirectory("/", files).WithUnknownImportsAsTraps()
            .Define("js_getpid", () => 42)
            .Define("js_wasm_trace", (int _) => { })
            .Define("js_release_file_locks", () => { })
            .DefineAs("js_fd_read", "fd_read")
            .Define("js_flock", (int _, int _) => 0)
            .Define("js_popen_get_pid_for_fd", (int _) => 0);
        if (network is not null)
            host.WithNetwork(network);
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
    /// <returns>The body of the answer, and its headers as PHP writes them.</returns>
    public async Task<(string Body, string Headers)> RequestAsync(PhpRequest request)
    {
        foreach (var file in new[] { Output, Headers })
            Files.AddText(file, "");
        foreach (var (setter, value) in new[]
        {
            ("wasm_set_request_uri", $"{request.Script}?{request.Query}"), ("wasm_set_query_string", request.Query), ("wasm_set_request_method", request.Method),
            ("wasm_set_request_host", "localhost"), ("wasm_set_cookies", request.Cookies), ("wasm_set_content_type", request.ContentType),
            ("wasm_set_request_body", request.Body), ("wasm_set_path_translated", request.Script),
        })
        {
            await _instance.GetFunction(setter).InvokeAsync(NewText(value));
        }

        await _instance.GetFunction("wasm_set_content_length").InvokeAsync(Encoding.UTF8.GetByteCount(request.Body));
        foreach (var (name, value) in request.Variables)
            await _instance.GetFunction("wasm_add_SERVER_entry").InvokeAsync(NewText(name), NewText(value));
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
