using Fermata.Platform;

namespace Fermata.Wasi.Functions;

/// <summary>Arguments, environment, random numbers, and the end of the program.</summary>
internal static class ProcessFunctions
{
    /// <summary>After as many random bytes the call looks whether it is to end.</summary>
    private const uint RandomPiece = 64 * 1024;

    /// <summary>What a shell adds to the number of a signal that ended a program.</summary>
    private const int SignalExitCode = 128;

    private const int Signals = 31;

    /// <summary>Signals that end no program: none, SIGPIPE, SIGCHLD, SIGCONT, SIGURG and SIGWINCH.</summary>
    private const uint Ignored = 1u << 0 | 1u << 13 | 1u << 16 | 1u << 17 | 1u << 22 | 1u << 27;

    /// <summary>Signals that would stop it until another lets it go on: SIGSTOP, SIGTSTP, SIGTTIN and SIGTTOU.</summary>
    private const uint Stopping = 1u << 18 | 1u << 19 | 1u << 20 | 1u << 21;

    public static int ArgsGet(Caller caller, int pointers, int buffer) => WriteStrings(caller, WasiContext.Of(caller).Arguments, pointers, buffer);

    public static int ArgsSizesGet(Caller caller, int count, int bytes) => WriteSizes(caller, WasiContext.Of(caller).Arguments, count, bytes);

    public static int EnvironGet(Caller caller, int pointers, int buffer) => WriteStrings(caller, WasiContext.Of(caller).Environment, pointers, buffer);

    public static int EnvironSizesGet(Caller caller, int count, int bytes) => WriteSizes(caller, WasiContext.Of(caller).Environment, count, bytes);

    public static void ProcExit(int code) => throw new WasmExitException(code);

    public static int ProcRaise(int signal)
    {
        if ((uint)signal >= Signals)
            return (int)Errno.EINVAL;
        if ((Ignored >> signal & 1) != 0)
            return (int)Errno.None;
        if ((Stopping >> signal & 1) != 0)
            return (int)Errno.ENOTSUP;
        throw new WasmExitException(SignalExitCode + signal);
    }

    /// <summary>Lets other calls of the store, and other work of the pool, go first.</summary>
    public static async ValueTask<int> SchedYield()
    {
        await Task.Yield();
        return (int)Errno.None;
    }

    public static int RandomGet(Caller caller, int buffer, int length)
    {
        var random = WasiContext.Of(caller).Random;
        _ = caller.GetSpan(buffer, length);
        for (var done = 0UL; done < (uint)length; done += RandomPiece)
        {
            caller.ThrowIfEnding();
            random(caller.GetSpan((uint)buffer + done, Math.Min(RandomPiece, (uint)((uint)length - done))));
        }

        return (int)Errno.None;
    }

    private static int WriteStrings(Caller caller, byte[][] strings, int pointers, int buffer)
    {
        var (pointer, address) = ((ulong)(uint)pointers, (ulong)(uint)buffer);
        var copy = new GuestCopy(caller);
        foreach (var text in strings)
        {
            caller.Write(pointer, (uint)address);
            copy.Copy(text, caller.GetSpan(address, (uint)text.Length));
            pointer += sizeof(uint);
            address += (ulong)text.Length;
        }

        return (int)Errno.None;
    }

    private static int WriteSizes(Caller caller, byte[][] strings, int count, int bytes)
    {
        caller.Write(count, strings.Length);
        caller.Write(bytes, strings.Sum(text => text.Length));
        return (int)Errno.None;
    }
}
