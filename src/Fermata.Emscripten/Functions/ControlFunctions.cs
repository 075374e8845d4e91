using System.Buffers.Binary;
using Fermata.Emscripten.Abi;
using Fermata.Platform;
using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary><c>fcntl</c> and <c>ioctl</c>. Their third argument is a pointer to the arguments.</summary>
internal static class ControlFunctions
{
    private const int Duplicate = 0, GetDescriptorFlags = 1, SetDescriptorFlags = 2, GetFlags = 3, SetFlags = 4, DuplicateCloseOnExec = 1030;

    /// <summary>What <c>ioctl</c> is asked of a terminal and of nothing else.</summary>
    private const int GetAttributes = 0x5401, FirstOfTerminals = 0x5401, GetGroup = 0x540f, GetWindowSize = 0x5413, LastOfTerminals = 0x5418;

    private const int BytesToRead = 0x541b, SetNonblocking = 0x5421;

    private const ushort Rows = 24, Columns = 80;

    /// <summary>
    /// <c>struct termios</c> of a terminal as it is set up at first: flags for input, output, control, and lines, the discipline, and control characters: interrupt, quit,
    /// erase, kill, end of file, …
    /// </summary>
    private static readonly byte[] Attributes =
    [
        0x00, 0x65, 0, 0, 0x05, 0, 0, 0, 0xbf, 0, 0, 0, 0x3b, 0x8a, 0, 0, 0,
        3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22,
    ];

    public static async ValueTask<(int Result, FileLock? Lock)> Fcntl64(Caller caller, int fd, int command, int arguments, CancellationToken cancellationToken)
    {
        if (!LockFunctions.Has(command))
            return (Control(caller, fd, command, arguments), null);
        var result = await LockFunctions.RunAsync(caller, fd, command, caller.Read<FileLock>(Argument(caller, arguments)), cancellationToken).ConfigureAwait(false);
        return result.TryGet(out var found) ? (0, found) : (-(int)result.Error, null);
    }

    public static int CompleteFcntl64(Caller caller, (int Result, FileLock? Lock) done, int fd, int command, int arguments)
    {
        if (done.Lock is { } found)
            caller.Write(Argument(caller, arguments), found);
        return done.Result;
    }

    public static int Ioctl(Caller caller, int fd, int request, int arguments)
    {
        var error = WasiContext.Of(caller).Descriptors.Peek(fd, Rights.None, out var descriptor);
        if (error != Errno.None)
            return -(int)error;
        switch (request)
        {
            case BytesToRead when descriptor is not DirectoryDescriptor:
                var wait = descriptor.WaitReadableAsync(CancellationToken.None);
                var bytes = wait.IsCompletedSuccessfully && wait.Result.TryGet(out var ready) ? ready.Bytes : 0;
                caller.Write(Argument(caller, arguments), (int)Math.Min(bytes, int.MaxValue));
                return 0;
            case SetNonblocking:
                var isSet = caller.Read<int>(Argument(caller, arguments)) != 0;
                descriptor.Flags = isSet ? descriptor.Flags | FdFlags.Nonblock : descriptor.Flags & ~FdFlags.Nonblock;
                return 0;
            case >= FirstOfTerminals and <= LastOfTerminals when descriptor.IsTerminal:
                OfTerminal(caller, request, arguments);
                return 0;
            default:
                return -(int)Errno.ENOTTY;
        }
    }

    private static int Control(Caller caller, int fd, int command, int arguments)
    {
        var descriptors = WasiContext.Of(caller).Descriptors;
        var error = descriptors.Peek(fd, Rights.None, out var descriptor);
        if (error != Errno.None)
            return -(int)error;
        switch (command)
        {
            case Duplicate or DuplicateCloseOnExec:
                return FileFunctions.ToResult(descriptors.Duplicate(fd, Argument(caller, arguments)));

            // A descriptor is closed when another program is run, which cannot be: there is nothing to set or to tell.
            case GetDescriptorFlags or SetDescriptorFlags:
                return 0;
            case GetFlags:
                return (int)Opening.ToFlags(descriptor);
            case SetFlags:
                descriptor.Flags = Opening.ToStatusFlags((FileFlags)Argument(caller, arguments));
                return 0;
            default:
                return -(int)Errno.EINVAL;
        }
    }

    /// <summary>What is set is not kept: a terminal is the host's.</summary>
    private static void OfTerminal(Caller caller, int request, int arguments)
    {
        switch (request)
        {
            case GetAttributes:
                const int size = 60;
                var target = caller.GetSpan(Argument(caller, arguments), size);
                target.Clear();
                Attributes.CopyTo(target);
                break;
            case GetGroup:
                caller.Write(Argument(caller, arguments), ProcessFunctions.ProcessId);
                break;
            case GetWindowSize:
                Span<byte> window = stackalloc byte[8];
                window.Clear();
                BinaryPrimitives.WriteUInt16LittleEndian(window, Rows);
                BinaryPrimitives.WriteUInt16LittleEndian(window[2..], Columns);
                window.CopyTo(caller.GetSpan(Argument(caller, arguments), window.Length));
                break;
        }
    }

    private static int Argument(Caller caller, int arguments) => caller.Read<int>(arguments);
}
