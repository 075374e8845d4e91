using Fermata.Emscripten.Abi;

namespace Fermata.Emscripten.Tests.Locks;

/// <summary>A program that locks ranges of files.</summary>
internal sealed class LockingProgram : IAsyncDisposable
{
    public const int Shared = 0, Exclusive = 1, Unlocked = 2;

    /// <summary>The commands: of programs, and of what was opened.</summary>
    public const int Tell = 5, Set = 6, Wait = 7, TellOfOpened = 36, SetOfOpened = 37;

    public const int FromStart = 0, FromPosition = 1, FromEnd = 2;

    public const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2;

    private const int ArgumentsAt = 512, TextAt = 1024, StructureAt = 2048, StructureBytes = 32;

    private readonly ForwardingGuest _guest;

    /// <summary>Calls that wait have a structure each.</summary>
    private int _structures;

    private LockingProgram(ForwardingGuest guest) => _guest = guest;

    /// <summary>How many of its calls wait.</summary>
    public int SuspendedCalls => _guest.SuspendedCalls;

    /// <summary>Starts it.</summary>
    /// <param name="files">What it is given as its root.</param>
    /// <param name="suspendsEverywhere">Whether the engine suspends it at every call.</param>
    public static async Task<LockingProgram> StartAsync(FileSystem files, bool suspendsEverywhere = false) =>
        new(await ForwardingGuest.StartAsync(new EmscriptenHost().WithDirectory("/", files), suspendsEverywhere));

    public Task<int> CallAsync(string function, params int[] arguments) => _guest.CallAsync(function, arguments);

    /// <summary>Opens <c>/file</c>.</summary>
    public async Task<int> OpenAsync(int flags = ReadWrite)
    {
        _guest.Memory.WriteUtf8(TextAt, "/file", zeroTerminated: true);
        var fd = await _guest.CallAsync("__syscall_openat", -100, TextAt, flags, ArgumentsAt);
        Assert.InRange(fd, 3, int.MaxValue);
        return fd;
    }

    /// <summary>Runs a command.</summary>
    /// <returns>The error.</returns>
    public async Task<Errno> LockAsync(
        int fd, int command, int kind, long start = 0, long length = 0, int whence = FromStart, int process = 0, CancellationToken cancellationToken = default) =>
        (await RunAsync(fd, command, new FileLock((short)kind, (short)whence, start, length, process), cancellationToken)).Error;

    /// <summary>Asks what is in the way of an exclusive lock.</summary>
    public async Task<FileLock> FindAsync(int fd, int command = Tell, long start = 0, long length = 0, int kind = Exclusive)
    {
        var (error, found) = await RunAsync(fd, command, new FileLock((short)kind, FromStart, start, length, 0), default);
        Assert.Equal(Errno.None, error);
        return found;
    }

    public async Task CloseAsync(int fd) => Assert.Equal(0, await _guest.CallAsync("fd_close", fd));

    public ValueTask DisposeAsync() => _guest.DisposeAsync();

    private async Task<(Errno Error, FileLock Lock)> RunAsync(int fd, int command, FileLock structure, CancellationToken cancellationToken)
    {
        var slot = _structures++ % 32;
        var (arguments, address) = (ArgumentsAt + (slot * sizeof(int)), StructureAt + (slot * StructureBytes));
        _guest.Memory.Write(arguments, address);
        _guest.Memory.Write(address, structure);
        var result = await _guest.CallAsync("__syscall_fcntl64", [fd, command, arguments], cancellationToken);
        return ((Errno)(-result), _guest.Memory.Read<FileLock>(address));
    }
}
