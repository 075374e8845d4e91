using System.Runtime.InteropServices;
using Fermata.Emscripten;
using Fermata.Platform.FileSystems;

namespace Fermata.Samples.Postgres;

/// <summary>
/// A PostgreSQL of PGlite, which is one backend: it does one thing after another, for one frontend at a time. What it reads and writes waits for the frontend and holds
/// no thread.
/// </summary>
internal sealed class PostgresBackend : IAsyncDisposable
{
    /// <summary>The exit code of a server that has started, and of one that goes back to its main loop: where C would jump to, PGlite leaves.</summary>
    private const int IsAlive = 99, MainLoop = 100;

    private static readonly string[] Arguments =
    [
        "--single", "-F", "-O", "-j",
        .. Settings("search_path=public", "exit_on_error=false", "log_checkpoints=false", "max_worker_processes=0", "max_parallel_workers=0", "max_parallel_workers_per_gather=0"),
        .. Settings("io_method=sync", "max_parallel_maintenance_workers=0"), "-D", PostgresPackage.Data, "postgres",
    ];

    private readonly EmscriptenInstance _instance;
    private IFrontend _frontend = new PreparedFrontend(default);

    private PostgresBackend(EmscriptenInstance instance) => _instance = instance;

    /// <summary>Starts it.</summary>
    /// <param name="package">PGlite.</param>
    /// <param name="data">The directory of data, as <see cref="Initdb"/> has made it.</param>
    /// <param name="options">Options of its store.</param>
    /// <exception cref="InvalidOperationException">It ended, or would: the message says how.</exception>
    public static async Task<PostgresBackend> StartAsync(PostgresPackage package, FileSystem data, StoreOptions? options = null)
    {
        await RequirePermissionsAsync(data);
        var error = new StringWriter();
        var instance = await package.StartServerAsync(data, options, new MemoryFileSystem(), host => host.WithError(error));
        var backend = new PostgresBackend(instance);
        instance.GetFunction("pgl_set_rw_cbs").Invoke(instance.AddFunction(backend.BeginRead, backend.CompleteRead), instance.AddFunction(backend.WriteAsync));
        instance.GetFunction("pgl_setPGliteActive").Invoke(1);
        if (await backend.RunMainAsync() is not IsAlive and var exitCode)
        {
            await backend.DisposeAsync();
            throw new InvalidOperationException($"PostgreSQL ended with {exitCode}: {error}");
        }

        await instance.GetFunction("pgl_startPGlite").InvokeAsync();
        return backend;
    }

    /// <summary>Reads a startup packet, and answers it.</summary>
    public async Task StartSessionAsync(IFrontend frontend)
    {
        _frontend = frontend;
        var port = (await CallAsync("pgl_getMyProcPort"))[0].AsI32();
        if ((await CallAsync("ProcessStartupPacket", port, 1, 1))[0].AsI32() != 0)
            throw new InvalidOperationException("PostgreSQL does not take the startup packet.");
        await CallAsync("pgl_sendConnData");
        await CallAsync("pgl_pq_flush");
    }

    /// <summary>Reads a message, or those that belong together where data is copied, and does what it says.</summary>
    public async Task RunMessageAsync(IFrontend frontend)
    {
        _frontend = frontend;
        var stack = _instance.GetFunction("emscripten_stack_get_current").Invoke()[0].AsI32();
        try
        {
            await CallAsync("PostgresMainLoopOnce");
        }
        catch (WasmExitException e) when (e.ExitCode == MainLoop)
        {
            _instance.GetFunction("_emscripten_stack_restore").Invoke(stack);
            await CallAsync("PostgresMainLongJmp");
        }

        await CallAsync("PostgresSendReadyForQueryIfNecessary");
        await CallAsync("pgl_pq_flush");
    }

    /// <summary>Runs messages.</summary>
    /// <returns>The answers.</returns>
    public async Task<ReadOnlyMemory<byte>> ExchangeAsync(ReadOnlyMemory<byte> messages)
    {
        var frontend = new PreparedFrontend(messages);
        while (!frontend.IsRead || _instance.GetFunction("pq_buffer_remaining_data").Invoke()[0].AsI32() > 0)
            await RunMessageAsync(frontend);
        return frontend.Received;
    }

    /// <summary>
    /// Ends the statement that runs, where it next looks whether it is to end. It does what PostgreSQL's handler of the signal does: the numbers are there for code that
    /// interrupts other code. While no statement runs it may end the next.
    /// </summary>
    public void Cancel()
    {
        Set("QueryCancelPending", 1);
        Set("InterruptPending", 1);
    }

    /// <summary>Forgets what <see cref="Cancel"/> has set, if no statement has seen it.</summary>
    public void ForgetCancellation() => Set("QueryCancelPending", 0);

    /// <summary>Ends the server, which writes what it has not yet to its data.</summary>
    public async Task StopAsync()
    {
        _instance.GetFunction("pgl_setPGliteActive").Invoke(0);
        try
        {
            await ExchangeAsync(Messages.Terminate);
        }
        catch (WasmExitException e) when (e.ExitCode == 0)
        {
            // The end that was asked for.
        }

        await CallAsync("pgl_run_atexit_funcs");
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private Task<Value[]> CallAsync(string function, params Value[] arguments) => _instance.GetFunction(function).InvokeAsync(arguments);

    private void Set(string variable, int value) =>
        Volatile.Write(ref MemoryMarshal.Cast<byte, int>(_instance.Memory.GetSpan(_instance.Instance.GetGlobal(variable).Value.AsI32(), sizeof(int)))[0], value);

    /// <summary>PostgreSQL takes no directory that others may read or write to. One that its <c>initdb</c> did not make may be so.</summary>
    private static async Task RequirePermissionsAsync(FileSystem data)
    {
        const UnixFileMode Refused = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        await using var root = (await data.OpenRootAsync()).Value;
        if ((await root.GetStatusAsync()).Value.Mode is { } mode && (mode & Refused) != 0)
        {
            throw new InvalidOperationException(
                $"PostgreSQL takes no directory of data with the permissions 0{Convert.ToString((int)mode, 8)}, which others may use, but 0700 or 0750. Of a folder of the host: chmod 0750 FOLDER.");
        }
    }

    /// <summary>Runs <c>main</c>, which calls <c>exit</c> when the server has started; what is registered for the end stays so.</summary>
    private async Task<int> RunMainAsync()
    {
        int[] pointers = [.. Arguments.Prepend("/pglite/bin/postgres").Select(NewText), 0];
        var argv = Allocate(pointers.Length * sizeof(int));
        MemoryMarshal.AsBytes<int>(pointers).CopyTo(_instance.Memory.GetSpan(argv, pointers.Length * sizeof(int)));
        try
        {
            return (await CallAsync("__main_argc_argv", pointers.Length - 1, argv))[0].AsI32();
        }
        catch (WasmExitException e)
        {
            return e.ExitCode;
        }
    }

    private int NewText(string text)
    {
        // ASCII, all of it.
        var address = Allocate(text.Length + 1);
        _instance.Memory.WriteUtf8(address, text, zeroTerminated: true);
        return address;
    }

    private int Allocate(int bytes) => _instance.GetFunction("malloc").Invoke(bytes)[0].AsI32();

    private static IEnumerable<string> Settings(params string[] settings) => settings.SelectMany(setting => new[] { "-c", setting });

    private Task<ReadOnlyMemory<byte>> BeginRead(int address, int length) => _frontend.ReadAsync(length).AsTask();

    private int CompleteRead(ReadOnlyMemory<byte> read, int address, int length)
    {
        read.Span.CopyTo(_instance.Memory.GetSpan(address, length));
        return read.Length;
    }

    private async Task<int> WriteAsync(int address, int length)
    {
        // Copied, as the memory may be written to while this waits.
        await _frontend.WriteAsync(_instance.Memory.GetSpan(address, length).ToArray());
        return length;
    }
}
