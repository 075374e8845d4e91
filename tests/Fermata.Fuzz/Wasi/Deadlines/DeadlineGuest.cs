using Fermata.Platform;
using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Fuzz.Wasi.Deadlines;

/// <summary>An instance whose exports are the functions of WASI, with a memory of 2 GiB.</summary>
internal sealed class DeadlineGuest : IAsyncDisposable
{
    /// <summary>Where calls write their results.</summary>
    public const int Result = 64;

    /// <summary>Where there is room for much.</summary>
    public const int Room = 1 << 20;

    private const int Pages = 1 << 15;
    private const int Path = 4096;
    private const int VectorBytes = 16 << 10;

    private static readonly Engine Engine = new();
    private static readonly Module Module = Module.Parse(Engine, ForwardingModule.TextOf("wasi_snapshot_preview1", Preview1.Functions, Pages));
    private static readonly Linker Linker = new Linker(Engine).DefineWasi(Module);

    private readonly WasiContext _context;
    private readonly Instance _instance;

    private DeadlineGuest(Store store, WasiContext context, Instance instance) => (Store, _context, _instance) = (store, context, instance);

    public Store Store { get; }

    public Memory Memory => _instance.GetMemory("memory");

    public static async Task<DeadlineGuest> CreateAsync(WasiBuilder builder)
    {
        var store = new Store(Engine);
        var context = await builder.BuildAsync().ConfigureAwait(false);
        store.SetData(context);
        return new DeadlineGuest(store, context, Linker.Instantiate(store, Module));
    }

    public Task<Value[]> CallAsync(string function, Value[] arguments, CancellationToken cancellationToken = default) =>
        _instance.GetFunction(function).InvokeAsync(arguments, cancellationToken);

    /// <summary>Makes a call that must succeed.</summary>
    /// <exception cref="FuzzException">It fails.</exception>
    public async Task RequireAsync(string function, params Value[] arguments)
    {
        var error = (Errno)(await CallAsync(function, arguments).ConfigureAwait(false))[0].AsI32();
        if (error != Errno.None)
            throw new FuzzException($"{function} of the preparation gives {error}.");
    }

    /// <summary>Opens a file below descriptor 3.</summary>
    public async Task<int> OpenAsync(string path, OpenFlags flags = OpenFlags.None, FdFlags fdFlags = FdFlags.None, Rights? rights = null)
    {
        rights ??= (flags & OpenFlags.Directory) != 0 ? Rights.OfDirectory : Rights.OfFile;
        await RequireAsync("path_open", [3, 0, .. PathAt(path), (int)flags, (long)rights, 0L, (int)fdFlags, Result]).ConfigureAwait(false);
        return Memory.Read<int>(Result);
    }

    /// <summary>Makes a file longer.</summary>
    public async Task<int> FillAsync(string path, long bytes)
    {
        var fd = await OpenAsync(path, OpenFlags.Creat).ConfigureAwait(false);
        for (var done = 0L; done < bytes; done += Memory.Read<int>(Result))
            await RequireAsync("fd_write", [fd, .. Vectors(), Result]).ConfigureAwait(false);
        return fd;
    }

    /// <summary>A path in memory, as two arguments.</summary>
    public Value[] PathAt(string path, int at = Path) => [at, Memory.WriteUtf8(at, path)];

    /// <summary>1,024 vectors of 16 KiB, as two arguments.</summary>
    public Value[] Vectors()
    {
        const int count = 1024, vectors = 16384;
        for (var i = 0; i < count; i++)
        {
            Memory.Write(vectors + 8 * i, Room + i * VectorBytes);
            Memory.Write(vectors + 8 * i + 4, VectorBytes);
        }

        return [vectors, count];
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync().ConfigureAwait(false);
        await _context.DisposeAsync().ConfigureAwait(false);
    }
}
