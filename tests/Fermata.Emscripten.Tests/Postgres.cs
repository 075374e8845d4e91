using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Fermata.Emscripten.Tests;

/// <summary>A PostgreSQL server of PGlite for one client, which speaks with it in messages of the protocol, through two functions of the host.</summary>
internal sealed class Postgres : IAsyncDisposable
{
    /// <summary>The exit code of a server that has started, and of one that goes back to its main loop: where C would jump to, PGlite leaves.</summary>
    private const int IsAlive = 99, MainLoop = 100;

    private static readonly string[] Arguments =
    [
        "--single", "-F", "-O", "-j",
        .. Settings("search_path=public", "exit_on_error=false", "log_checkpoints=false", "max_worker_processes=0", "max_parallel_workers=0", "max_parallel_workers_per_gather=0"),
        .. Settings("io_method=sync", "max_parallel_maintenance_workers=0"), "-D", PostgresFiles.Data, "postgres",
    ];

    private readonly EmscriptenInstance _instance;
    private readonly MemoryStream _received = new();
    private ReadOnlyMemory<byte> _toSend;

    private Postgres(EmscriptenInstance instance) => _instance = instance;

    /// <summary>Starts a server.</summary>
    /// <param name="suspendsEverywhere">Whether the engine suspends it at every call.</param>
    /// <param name="data">The directory of data, as <c>initdb</c> made it.</param>
    /// <param name="options">Options of its store.</param>
    public static async Task<Postgres> StartAsync(bool suspendsEverywhere, FileSystem data, StoreOptions? options = null)
    {
        var program = await PostgresFiles.LoadServerAsync(suspendsEverywhere);
        var error = new StringWriter();
        var instance = await program.StartAsync(PostgresFiles.NewServerHost(data).WithError(error), options);
        var postgres = new Postgres(instance);
        PostgresFiles.DefinePrograms(instance);
        instance.GetFunction("pgl_set_rw_cbs").Invoke(instance.AddFunction(postgres.BeginRead, postgres.CompleteRead), instance.AddFunction(postgres.Write));
        instance.GetFunction("pgl_setPGliteActive").Invoke(1);
        var exitCode = await postgres.RunMainAsync();
        Assert.True(exitCode == IsAlive, $"PostgreSQL ended with {exitCode}: {error}");
        await instance.GetFunction("pgl_startPGlite").InvokeAsync();
        return postgres;
    }

    /// <summary>Runs statements, as a simple query.</summary>
    public async Task<PostgresResult> QueryAsync(string statements) => PostgresResult.Parse(await ExchangeAsync(Message('Q', statements)));

    /// <summary>Sends messages, and waits for the answers.</summary>
    public async Task<ReadOnlyMemory<byte>> ExchangeAsync(ReadOnlyMemory<byte> messages)
    {
        _received.SetLength(0);
        _toSend = messages;
        while (!_toSend.IsEmpty || _instance.GetFunction("pq_buffer_remaining_data").Invoke()[0].AsI32() > 0)
        {
            var stack = _instance.GetFunction("emscripten_stack_get_current").Invoke()[0].AsI32();
            try
            {
                await _instance.GetFunction("PostgresMainLoopOnce").InvokeAsync();
            }
            catch (WasmExitException e) when (e.ExitCode == MainLoop)
            {
                _instance.GetFunction("_emscripten_stack_restore").Invoke(stack);
                await _instance.GetFunction("PostgresMainLongJmp").InvokeAsync();
            }
        }

        await _instance.GetFunction("PostgresSendReadyForQueryIfNecessary").InvokeAsync();
        await _instance.GetFunction("pgl_pq_flush").InvokeAsync();
        return _received.ToArray();
    }

    /// <summary>Ends the server, which writes what it has not yet to its data.</summary>
    public async Task StopAsync()
    {
        _instance.GetFunction("pgl_setPGliteActive").Invoke(0);
        try
        {
            await ExchangeAsync(Message('X', null));
        }
        catch (WasmExitException e) when (e.ExitCode == 0)
        {
            // The end that was asked for.
        }

        await _instance.GetFunction("pgl_run_atexit_funcs").InvokeAsync();
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    /// <summary>Runs <c>main</c>, which calls <c>exit</c> when the server has started; what is registered for the end stays so.</summary>
    private async Task<int> RunMainAsync()
    {
        int[] pointers = [.. Arguments.Prepend("/pglite/bin/postgres").Select(NewText), 0];
        var argv = Allocate(pointers.Length * sizeof(int));
        MemoryMarshal.AsBytes<int>(pointers).CopyTo(_instance.Memory.GetSpan(argv, pointers.Length * sizeof(int)));
        try
        {
            return (await _instance.GetFunction("__main_argc_argv").InvokeAsync(pointers.Length - 1, argv))[0].AsI32();
        }
        catch (WasmExitException e)
        {
            return e.ExitCode;
        }
    }

    private int NewText(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        var address = Allocate(bytes.Length);
        bytes.CopyTo(_instance.Memory.GetSpan(address, bytes.Length));
        return address;
    }

    private int Allocate(int bytes) => _instance.GetFunction("malloc").Invoke(bytes)[0].AsI32();

    private static IEnumerable<string> Settings(params string[] settings) => settings.SelectMany(setting => new[] { "-c", setting });

    /// <summary>A message: its kind, its length without that, and a text.</summary>
    private static byte[] Message(char kind, string? text)
    {
        byte[] content = text is null ? [] : Encoding.UTF8.GetBytes(text + '\0');
        var message = new byte[1 + sizeof(int) + content.Length];
        message[0] = (byte)kind;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), sizeof(int) + content.Length);
        content.CopyTo(message, 1 + sizeof(int));
        return message;
    }

    private async Task<ReadOnlyMemory<byte>> BeginRead(int address, int length)
    {
        // As if it came over a network.
        await Task.Yield();
        var read = _toSend[..Math.Min(_toSend.Length, length)];
        _toSend = _toSend[read.Length..];
        return read;
    }

    private int CompleteRead(ReadOnlyMemory<byte> read, int address, int length)
    {
        read.Span.CopyTo(_instance.Memory.GetSpan(address, length));
        return read.Length;
    }

    private async Task<int> Write(int address, int length)
    {
        _received.Write(_instance.Memory.GetSpan(address, length));
        await Task.Yield();
        return length;
    }
}
