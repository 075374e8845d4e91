using Fermata.Emscripten;

namespace Fermata.Samples.SqliteAsync;

/// <summary>SQLite, with a memory of its own. Any number of connections may have calls at once.</summary>
internal sealed class SqliteInstance : IAsyncDisposable
{
    private const string VfsName = "host";
    private const int LongestName = 512;

    private readonly Relay _relay;
    private readonly VfsRelay? _vfs;

    private SqliteInstance(EmscriptenInstance instance, Relay relay, VfsRelay? vfs) =>
        (Instance, _relay, _vfs, Values) = (instance, relay, vfs, new SqliteValues(instance));

    /// <summary>The running module.</summary>
    public EmscriptenInstance Instance { get; }

    /// <summary>Values, of SQLite and of .NET.</summary>
    public SqliteValues Values { get; }

    /// <summary>Starts SQLite.</summary>
    /// <param name="program">wa-sqlite.</param>
    /// <param name="vfs">Where it has its files: if null, in the file system that the host gives.</param>
    /// <param name="host">What else it is given.</param>
    /// <param name="options">Options of its store.</param>
    public static async Task<SqliteInstance> StartAsync(EmscriptenProgram program, ISqliteVfs? vfs = null, EmscriptenHost? host = null, StoreOptions? options = null)
    {
        var relay = new Relay();
        var instance = await program.StartAsync(relay.Define(host ?? new EmscriptenHost()).WithUnknownImportsAsTraps(), options);
        await instance.GetFunction("sqlite3_initialize").InvokeAsync();
        var files = vfs is null ? null : new VfsRelay(vfs);
        if (files is not null)
            await RegisterAsync(instance, relay, files);
        return new SqliteInstance(instance, relay, files);
    }

    /// <summary>Opens a connection.</summary>
    /// <param name="name">The name of the database.</param>
    /// <param name="busyTimeout">How long it waits for locks of others before it fails with <see cref="ResultCode.Busy"/>: not at all if nothing is said.</param>
    /// <param name="flags">What for: to read and write, and to make it if there is none, if nothing is said.</param>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public Task<SqliteConnection> OpenAsync(string name, TimeSpan busyTimeout = default, OpenFlags flags = OpenFlags.ReadWrite | OpenFlags.Create) =>
        SqliteConnection.OpenAsync(this, name, busyTimeout, flags);

    /// <summary>Ends what runs, and closes all files.</summary>
    public async ValueTask DisposeAsync()
    {
        await Instance.DisposeAsync();
        if (_vfs is not null)
            await _vfs.DisposeAsync();
    }

    /// <summary>Has SQLite know a function of a connection.</summary>
    internal async Task<ResultCode> CreateFunctionAsync(int connection, string name, int parameters, Func<IReadOnlyList<object?>, CancellationToken, ValueTask<object?>> function)
    {
        const int utf8 = 1, xFuncIsAsync = 1;

        // The key is a block of memory that says which of the methods are async. SQLite frees it with the function.
        var key = (await Instance.GetFunction("sqlite3_malloc").InvokeAsync(sizeof(int)))[0].AsI32();
        Instance.Memory.Write(key, xFuncIsAsync);
        _relay.Add(key, new FunctionRelay(this, function).CallAsync);
        using var text = GuestBytes.OfText(Instance, name);
        return (ResultCode)(await Instance.GetFunction("libfunction_create_function").InvokeAsync(connection, text.Address, parameters, utf8, key, 1, 0, 0))[0].AsI32();
    }

    private static async Task RegisterAsync(EmscriptenInstance instance, Relay relay, VfsRelay vfs)
    {
        using var name = GuestBytes.OfText(instance, VfsName);
        using var result = GuestBytes.Of(instance, new byte[sizeof(int)]);
        const int isDefault = 1;
        await instance.GetFunction("libvfs_vfs_register").InvokeAsync(name.Address, LongestName, VfsRelay.Mask, VfsRelay.Mask, isDefault, result.Address);
        relay.Add(instance.Memory.Read<int>(result.Address), vfs.CallAsync);
    }
}
