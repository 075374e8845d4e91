using Fermata.Fuzz.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Wasi.Tests;

/// <summary>An instance of a module that calls the functions of WASI for the test.</summary>
internal sealed class ForwardingGuest : IAsyncDisposable
{
    private readonly WasiContext _context;
    private readonly Instance _instance;

    private ForwardingGuest(Store store, WasiContext context, Instance instance) => (Store, _context, _instance) = (store, context, instance);

    public Store Store { get; }

    public Memory Memory => _instance.GetMemory("memory");

    /// <summary>Makes an instance.</summary>
    /// <param name="builder">What it is given.</param>
    /// <param name="module">The name under which it imports the functions.</param>
    /// <param name="pages">The pages of 64 KiB of its memory.</param>
    /// <param name="options">The options of its store.</param>
    public static async Task<ForwardingGuest> CreateAsync(WasiBuilder builder, string module = "wasi_snapshot_preview1", int pages = 1, StoreOptions? options = null)
    {
        var engine = new Engine();
        var store = new Store(engine, options ?? StoreOptions.Default);
        var context = await builder.BuildAsync();
        store.SetData(context);
        var text = ForwardingModule.TextOf(module, module == "wasi_unstable" ? Unstable.Functions : Preview1.Functions, pages);
        return new ForwardingGuest(store, context, new Linker(engine).DefineWasi().Instantiate(store, Module.Parse(engine, text)));
    }

    /// <summary>Calls a function.</summary>
    /// <param name="name">The name of the function.</param>
    /// <param name="arguments">Its arguments.</param>
    public Task<Errno> CallAsync(string name, params Value[] arguments) => CallAsync(name, arguments, CancellationToken.None);

    /// <summary>Calls a function.</summary>
    /// <param name="name">The name of the function.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Errno> CallAsync(string name, Value[] arguments, CancellationToken cancellationToken) =>
        (Errno)(await _instance.GetFunction(name).InvokeAsync(arguments, cancellationToken))[0].AsI32();

    /// <summary>Calls a function, so that the call cannot be suspended.</summary>
    /// <param name="name">The name of the function.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Errno Call(string name, Value[] arguments, CancellationToken cancellationToken) =>
        (Errno)_instance.GetFunction(name).Invoke(arguments, cancellationToken)[0].AsI32();

    /// <summary>Opens a file below descriptor 3, with all rights that a file has.</summary>
    public async Task<int> OpenAsync(string path, OpenFlags flags = OpenFlags.None)
    {
        const int address = 32768;
        var length = Memory.WriteUtf8(address, path);
        Assert.Equal(Errno.None, await CallAsync("path_open", 3, 0, address, length, (int)flags, (long)Rights.OfFile, 0L, 0, address));
        return Memory.Read<int>(address);
    }

    /// <summary>Writes a vector to address 0.</summary>
    public void WriteVector(int address, int length)
    {
        Memory.Write(0, address);
        Memory.Write(4, length);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await _context.DisposeAsync();
    }
}
