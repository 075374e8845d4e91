using System.Text;
using Fermata.Platform;
using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>The program itself: who it is, how it ends, what it waits for.</summary>
internal static class ProcessFunctions
{
    /// <summary>The number of the process and its group. It is the only one, and nobody's child.</summary>
    public const int ProcessId = 42;

    /// <summary>What a shell tells of a program that a signal ended, here that of <c>abort</c>.</summary>
    private const int Aborted = 128 + 6;

    /// <summary>The longest delay of .NET, in milliseconds: 49 days, which one more is, too.</summary>
    private const uint LongestSleep = uint.MaxValue - 1;

    private static readonly string[] SystemName = ["Emscripten", "emscripten", "1.0", "#1", "wasm32"];

    /// <summary><c>exit</c>: what is registered for the end runs before it.</summary>
    public static void Exit(Caller caller, int code)
    {
        EmscriptenContext.Of(caller).IsExiting = true;
        throw new WasmExitException(code);
    }

    public static void Abort() => throw new WasmExitException(Aborted);

    public static async ValueTask AssertFail(Caller caller, int condition, int file, int line, int function, CancellationToken cancellationToken)
    {
        var place = $"{GuestText.Read(caller, file) ?? "unknown file"}:{line}: {GuestText.Read(caller, function) ?? "unknown function"}";
        await WriteErrorAsync(caller, $"Assertion failed: {GuestText.Read(caller, condition)} ({place})\n", cancellationToken).ConfigureAwait(false);
        Abort();
    }

    /// <summary>Writes to standard error, whatever the program has done with its file descriptors.</summary>
    public static async ValueTask WriteErrorAsync(Caller caller, string text, CancellationToken cancellationToken) =>
        await EmscriptenContext.Of(caller).Error.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);

    public static async ValueTask Sleep(Caller caller, int milliseconds, CancellationToken cancellationToken) =>
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Min((uint)milliseconds, LongestSleep)), WasiContext.Of(caller).Clock, cancellationToken).ConfigureAwait(false);

    public static int Zero() => 0;

    public static int GetPid() => ProcessId;

    /// <summary>There is one process, in a group and a session of its own.</summary>
    public static int GetGroup(int process) => process is 0 or ProcessId ? ProcessId : -(int)Errno.ESRCH;

    public static int SetGroup(int process, int group) =>
        -(int)(process is not (0 or ProcessId) ? Errno.ESRCH : group is not (0 or ProcessId) ? Errno.EPERM : Errno.None);

    /// <summary>The user's groups: that of its files.</summary>
    public static int GetGroups(Caller caller, int count, int groups)
    {
        if (count < 0)
            return -(int)Errno.EINVAL;
        if (count > 0)
            caller.Write(groups, 0);
        return 1;
    }

    public static int Wait4(int process, int status, int options, int usage) => -(int)Errno.ECHILD;

    /// <summary>There is no other program to run.</summary>
    public static int System(int command) => command == 0 ? 0 : -(int)Errno.ENOSYS;

    public static void Progname(Caller caller, int buffer, int length) =>
        GuestText.Write(caller, buffer, length, Encoding.UTF8.GetBytes(EmscriptenContext.Of(caller).ProgramName));

    public static int Uname(Caller caller, int result)
    {
        const int fields = 6, fieldLength = 65;
        var target = caller.GetSpan(result, fields * fieldLength);
        target.Clear();
        foreach (var (index, text) in SystemName.Index())
            Encoding.ASCII.GetBytes(text, target[(index * fieldLength)..]);
        return 0;
    }

    public static void KeepAlivePush(Caller caller) => EmscriptenContext.Of(caller).KeepAlive++;

    public static void KeepAlivePop(Caller caller) => EmscriptenContext.Of(caller).KeepAlive--;

    public static void KeepAliveClear(Caller caller) => EmscriptenContext.Of(caller).KeepAlive = 0;

    public static int KeepAliveCheck(Caller caller) => EmscriptenContext.Of(caller).KeepAlive > 0 ? 1 : 0;

    public static int SetTimer(Caller caller, int which, double milliseconds) => EmscriptenContext.Of(caller).Timers.Set(caller, which, milliseconds);
}
