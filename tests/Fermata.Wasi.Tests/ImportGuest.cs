using System.Text;

namespace Fermata.Wasi.Tests;

/// <summary>An instance that exports each function of WASI that it imports: what a program would do with it, a test does, with the same calls and the same memory.</summary>
internal sealed class ImportGuest : IAsyncDisposable
{
    private static readonly (string Name, string Parameters)[] Functions =
    [
        ("fd_close", "i32"),
        ("fd_fdstat_set_flags", "i32 i32"),
        ("fd_read", "i32 i32 i32 i32"),
        ("fd_write", "i32 i32 i32 i32"),
        ("poll_oneoff", "i32 i32 i32 i32"),
        ("sock_accept", "i32 i32 i32"),
        ("sock_bind", "i32 i32 i32"),
        ("sock_connect", "i32 i32 i32"),
        ("sock_getaddrinfo", "i32 i32 i32 i32 i32 i32 i32 i32"),
        ("sock_getlocaladdr", "i32 i32 i32 i32"),
        ("sock_getpeeraddr", "i32 i32 i32 i32"),
        ("sock_getsockopt", "i32 i32 i32 i32 i32"),
        ("sock_listen", "i32 i32"),
        ("sock_open", "i32 i32 i32"),
        ("sock_recv", "i32 i32 i32 i32 i32 i32"),
        ("sock_recv_from", "i32 i32 i32 i32 i32 i32 i32 i32"),
        ("sock_send", "i32 i32 i32 i32 i32"),
        ("sock_send_to", "i32 i32 i32 i32 i32 i32 i32"),
        ("sock_setsockopt", "i32 i32 i32 i32 i32"),
        ("sock_shutdown", "i32 i32"),
    ];

    private static readonly Engine Engine = new();
    private static readonly Module Module = Module.Parse(Engine, Text());

    private readonly Store _store;
    private readonly WasiContext _context;
    private readonly Instance _instance;

    private ImportGuest(Store store, WasiContext context, Instance instance) => (_store, _context, _instance) = (store, context, instance);

    public Memory Memory => _instance.GetMemory("memory");

    /// <summary>How many promising calls there are.</summary>
    public int SuspendedCalls => _store.Fibers.Count(fiber => fiber.State == FiberState.Suspended);

    public static async Task<ImportGuest> StartAsync(WasiBuilder builder, StoreOptions? options = null)
    {
        var store = new Store(Engine, options ?? StoreOptions.Default);
        var context = await builder.BuildAsync();
        store.SetData(context);
        return new ImportGuest(store, context, await new Linker(Engine).DefineWasi(Module).InstantiateAsync(store, Module));
    }

    public async Task<Errno> CallAsync(string function, int[] arguments, CancellationToken cancellationToken = default)
    {
        var results = await _instance.GetFunction(function).InvokeAsync([.. arguments.Select(argument => (Value)argument)], cancellationToken);
        return (Errno)results[0].AsI32();
    }

    public Task<Errno> CallAsync(string function, params int[] arguments) => CallAsync(function, arguments, default);

    /// <summary>Receives into a buffer. The call has 16 bytes for a vector, the count and the flags, and the buffer behind them.</summary>
    public async Task<(Errno Error, string Text)> ReceiveAsync(int fd, int length, int flags = 0, int at = 1024, CancellationToken cancellationToken = default)
    {
        WriteVector(at, length);
        var error = await CallAsync("sock_recv", [fd, at, 1, flags, at + 8, at + 12], cancellationToken);
        return (error, error == Errno.None ? Received(at) : "");
    }

    /// <summary>What the last call has received, also if it was cancelled after that.</summary>
    public string Received(int at = 1024) => Encoding.UTF8.GetString(Memory.GetSpan(at + 16, Memory.Read<int>(at + 8)));

    /// <summary>Nothing has been received since then.</summary>
    public void ForgetReceived(int at = 1024) => Memory.Write(at + 8, 0);

    public async Task<(Errno Error, int Count)> SendAsync(int fd, string text, int at = 1024, CancellationToken cancellationToken = default)
    {
        WriteVector(at, Encoding.UTF8.GetByteCount(text));
        Memory.WriteUtf8(at + 16, text);
        var error = await CallAsync("sock_send", [fd, at, 1, 0, at + 8], cancellationToken);
        return (error, error == Errno.None ? Memory.Read<int>(at + 8) : 0);
    }

    /// <summary>Accepts a connection.</summary>
    /// <returns>Its descriptor.</returns>
    public async Task<(Errno Error, int Fd)> AcceptAsync(int fd, int flags = 0, int at = 512, CancellationToken cancellationToken = default)
    {
        var error = await CallAsync("sock_accept", [fd, flags, at], cancellationToken);
        return (error, error == Errno.None ? Memory.Read<int>(at) : -1);
    }

    /// <summary>Polls descriptors for reading, those whose number is negative (<c>~fd</c>) for writing, and a timeout, if there is one.</summary>
    /// <returns>The events; that of a descriptor has its number as user data, as it was given, and that of the timeout -1000.</returns>
    public Task<List<PollEvent>> PollAsync(int[] descriptors, TimeSpan? timeout = null, int at = 2048, CancellationToken cancellationToken = default)
    {
        var subscriptions = descriptors.Select(fd => fd >= 0 ? PollSubscription.Read(fd) : PollSubscription.Write(~fd) with { UserData = fd }).ToList();
        if (timeout is { } time)
            subscriptions.Add(PollSubscription.After(time) with { UserData = -1000 });
        return PollAsync(subscriptions, at, cancellationToken);
    }

    public async Task<List<PollEvent>> PollAsync(IReadOnlyList<PollSubscription> subscriptions, int at = 2048, CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < subscriptions.Count; i++)
            subscriptions[i].WriteTo(Memory.GetSpan(at + 48 * i, 48));
        var events = at + 48 * subscriptions.Count;
        var count = events + 32 * subscriptions.Count;
        Assert.Equal(Errno.None, await CallAsync("poll_oneoff", [at, events, subscriptions.Count, count], cancellationToken));
        return [.. Enumerable.Range(0, Memory.Read<int>(count)).Select(i => PollEvent.ReadFrom(Memory.GetSpan(events + 32 * i, 32)))];
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _context.DisposeAsync();
    }

    private static string Text()
    {
        var text = new StringBuilder("(module\n");
        foreach (var (name, parameters) in Functions)
            text.AppendLine($"(import \"wasi_snapshot_preview1\" \"{name}\" (func ${name} (param {parameters}) (result i32)))");
        text.AppendLine("(memory (export \"memory\") 16)");
        foreach (var (name, parameters) in Functions)
        {
            var arguments = string.Concat(parameters.Split(' ').Select((_, i) => $" (local.get {i})"));
            text.AppendLine($"(func (export \"{name}\") (param {parameters}) (result i32) (call ${name}{arguments}))");
        }

        return text.Append(')').ToString();
    }

    private void WriteVector(int at, int length)
    {
        Memory.Write(at, at + 16);
        Memory.Write(at + 4, length);
    }
}
