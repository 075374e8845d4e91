using Fermata.Platform;
using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>What the process may use, and what it has used.</summary>
internal static class LimitFunctions
{
    private const int Kinds = 16, Descriptors = 7;

    /// <summary>Two times in seconds and microseconds, and 14 counts, as the C library takes <c>struct rusage</c> from a kernel of 32 bits.</summary>
    private const int SizeOfUsage = (4 + 14) * sizeof(int);

    public static int GetDescriptorTableSize(Caller caller) => WasiContext.Of(caller).Descriptors.MostDescriptors;

    public static int GetLimit(Caller caller, int kind, int result) => PrLimit64(caller, 0, kind, 0, result);

    /// <summary>The limits are the host's: what the program sets is taken, and changes nothing.</summary>
    public static int PrLimit64(Caller caller, int process, int kind, int limit, int result)
    {
        if (process is not (0 or ProcessFunctions.ProcessId))
            return -(int)Errno.ESRCH;
        if ((uint)kind >= Kinds)
            return -(int)Errno.EINVAL;
        if (result == 0)
            return 0;
        var most = kind == Descriptors ? (ulong)GetDescriptorTableSize(caller) : ulong.MaxValue;
        caller.Write(result, most);
        caller.Write((uint)result + (ulong)sizeof(ulong), most);
        return 0;
    }

    /// <summary>How long the program has been running is what it has used of the processor, as for its clocks.</summary>
    public static int GetUsage(Caller caller, int who, int result)
    {
        caller.GetSpan(result, SizeOfUsage).Clear();
        var elapsed = WasiContext.Of(caller).Elapsed;
        caller.Write(result, (int)elapsed.TotalSeconds);
        caller.Write((uint)result + (ulong)sizeof(int), (int)(elapsed.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond));
        return 0;
    }
}
