using System.Buffers.Binary;
using System.Net;
using System.Text;
using Fermata.Emscripten.Abi;
using Fermata.Emscripten.Functions;
using Fermata.Fuzz.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Tests;

/// <summary>A program that exports each function of Emscripten's that it imports: what a program would do with it, a test does, with the same calls and the same memory.</summary>
internal sealed class ForwardingGuest : IAsyncDisposable
{
    public const int MemoryBytes = 2 * 65536;

    /// <summary><c>O_NONBLOCK</c>, for pipes, and as <c>SOCK_NONBLOCK</c>.</summary>
    public const int Nonblock = 0x800;

    public const int Inet4 = 2, Inet6 = 10, Stream = 1, Datagram = 2;

    /// <summary>Where tests have what calls read and write.</summary>
    private const int VectorAt = 1024, ResultAt = 1032, AddressAt = 1040, LengthAt = 1072, PollAt = 2048, BufferAt = 8192;

    private const string Allocator = """
        (global $top (mut i32) (i32.const 65536))
        (func (export "malloc") (param $bytes i32) (result i32)
          (if (i32.gt_u (local.get $bytes) (i32.sub (i32.const 131072) (global.get $top))) (then (return (i32.const 0))))
          (global.get $top)
          (global.set $top (i32.and (i32.add (i32.add (global.get $top) (local.get $bytes)) (i32.const 15)) (i32.const -16))))
        """;

    private static readonly Lazy<EmscriptenProgram> Program = new(() => Load(suspendsEverywhere: false));
    private static readonly Lazy<EmscriptenProgram> SuspendingProgram = new(() => Load(suspendsEverywhere: true));

    private readonly EmscriptenInstance _instance;

    private ForwardingGuest(EmscriptenInstance instance) => _instance = instance;

    public Memory Memory => _instance.Memory;

    /// <summary>How many calls wait.</summary>
    public int SuspendedCalls => _instance.Store.Fibers.Count(fiber => fiber.State == FiberState.Suspended);

    public static async Task<ForwardingGuest> StartAsync(EmscriptenHost? host = null, bool suspendsEverywhere = false) =>
        new(await (suspendsEverywhere ? SuspendingProgram : Program).Value.StartAsync(host ?? new EmscriptenHost()));

    public async Task<int> CallAsync(string function, int[] arguments, CancellationToken cancellationToken)
    {
        var results = await _instance.GetFunction(function).InvokeAsync([.. arguments.Select(argument => (Value)argument)], cancellationToken);
        return results[0].AsI32();
    }

    public Task<int> CallAsync(string function, params int[] arguments) => CallAsync(function, arguments, default);

    public Task CallWithoutResultAsync(string function, int[] arguments, CancellationToken cancellationToken) =>
        _instance.GetFunction(function).InvokeAsync([.. arguments.Select(argument => (Value)argument)], cancellationToken);

    /// <summary>Calls a function that is to fail.</summary>
    public async Task<Errno> FailAsync(string function, params int[] arguments) => (Errno)(-await CallAsync(function, arguments));

    public async Task<(int Read, int Write)> PipeAsync(int flags = 0)
    {
        Assert.Equal(0, await CallAsync("__syscall_pipe2", ResultAt, flags));
        return (Memory.Read<int>(ResultAt), Memory.Read<int>(ResultAt + 4));
    }

    /// <summary>Reads at most so many bytes.</summary>
    public async Task<(Errno Error, string Text)> ReadAsync(int fd, int length = 4096, CancellationToken cancellationToken = default)
    {
        WriteVector(BufferAt, length);
        var error = (Errno)await CallAsync("fd_read", [fd, VectorAt, 1, ResultAt], cancellationToken);
        return (error, error == Errno.None ? Text(Memory.Read<int>(ResultAt)) : "");
    }

    public async Task<(Errno Error, int Count)> WriteAsync(int fd, string text, CancellationToken cancellationToken = default)
    {
        WriteVector(BufferAt, Memory.WriteUtf8(BufferAt, text));
        var error = (Errno)await CallAsync("fd_write", [fd, VectorAt, 1, ResultAt], cancellationToken);
        return (error, error == Errno.None ? Memory.Read<int>(ResultAt) : 0);
    }

    public async Task CloseAsync(int fd) => Assert.Equal(0, await CallAsync("fd_close", fd));

    /// <summary>Polls descriptors.</summary>
    /// <returns>What happened to each.</returns>
    public async Task<PollEvents[]> PollAsync((int Fd, PollEvents Wanted)[] wanted, int timeout = -1, CancellationToken cancellationToken = default)
    {
        foreach (var (index, (fd, events)) in wanted.Index())
            Memory.Write(PollAt + (index * PollFd.Size), new PollFd(fd, events, PollEvents.Error));
        var count = await CallAsync("__syscall_poll", [PollAt, wanted.Length, timeout], cancellationToken);
        var happened = wanted.Select((_, index) => Memory.Read<PollFd>(PollAt + (index * PollFd.Size)).Happened).ToArray();
        Assert.Equal(happened.Count(events => events != PollEvents.None), count);
        return happened;
    }

    public async Task<PollEvents> PollAsync(int fd, PollEvents wanted, int timeout = -1) => (await PollAsync([(fd, wanted)], timeout))[0];

    public Task<int> SocketAsync(int family = Inet4, int type = Stream, int protocol = 0) => CallAsync("__syscall_socket", family, type, protocol, 0, 0, 0);

    /// <summary>Writes an address.</summary>
    /// <returns>Where it is, and its length.</returns>
    public (int Address, int Length) WriteAddress(IPEndPoint address)
    {
        SockAddr.Write(Memory.GetSpan(AddressAt, SockAddr.SizeOf(address)), address);
        return (AddressAt, SockAddr.SizeOf(address));
    }

    public Task<int> ConnectAsync(int fd, IPEndPoint to, CancellationToken cancellationToken = default)
    {
        var (address, length) = WriteAddress(to);
        return CallAsync("__syscall_connect", [fd, address, length, 0, 0, 0], cancellationToken);
    }

    public Task<int> BindAsync(int fd, IPEndPoint to)
    {
        var (address, length) = WriteAddress(to);
        return CallAsync("__syscall_bind", fd, address, length, 0, 0, 0);
    }

    /// <summary>The address that a function tells, which has the parameters of <c>getsockname</c>.</summary>
    public async Task<IPEndPoint> AddressAsync(string function, int fd)
    {
        Memory.Write(LengthAt, 28);
        Assert.Equal(0, await CallAsync(function, fd, AddressAt, LengthAt, 0, 0, 0));
        return ReadAddress(AddressAt, Memory.Read<int>(LengthAt));
    }

    public Task<int> SendToAsync(int fd, string text, IPEndPoint? to = null, int flags = 0)
    {
        var length = Memory.WriteUtf8(BufferAt, text);
        var (address, addressLength) = to is null ? default : WriteAddress(to);
        return CallAsync("__syscall_sendto", fd, BufferAt, length, flags, address, addressLength);
    }

    /// <summary>Receives a text, and where it came from.</summary>
    public async Task<(int Result, string Text, IPEndPoint? From)> ReceiveFromAsync(int fd, int length = 4096, int flags = 0, CancellationToken cancellationToken = default)
    {
        Memory.Write(LengthAt, 28);
        var result = await CallAsync("__syscall_recvfrom", [fd, BufferAt, length, flags, AddressAt, LengthAt], cancellationToken);
        return (result, result >= 0 ? Text(result) : "", result >= 0 && Memory.Read<int>(LengthAt) > 0 ? ReadAddress(AddressAt, Memory.Read<int>(LengthAt)) : null);
    }

    /// <summary>The address at a place.</summary>
    public IPEndPoint ReadAddress(int address, int length)
    {
        var bytes = Memory.GetSpan(address, length);
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return new IPEndPoint(new IPAddress(bytes[0] == Inet4 ? bytes.Slice(4, 4) : bytes.Slice(8, 16)), port);
    }

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    private static EmscriptenProgram Load(bool suspendsEverywhere)
    {
        var text = ForwardingModule.TextOf("env", EmscriptenFunctions.Functions.Concat(Preview1.Functions), $"{MemoryBytes / 65536}", Allocator);
        return EmscriptenProgram.Load(new Engine(new EngineOptions { SuspendEverywhere = suspendsEverywhere }), ModuleInfo.Parse(Encoding.UTF8.GetBytes(text)).Bytes);
    }

    private string Text(int length) => Encoding.UTF8.GetString(Memory.GetSpan(BufferAt, length));

    private void WriteVector(int address, int length)
    {
        Memory.Write(VectorAt, address);
        Memory.Write(VectorAt + 4, length);
    }
}
