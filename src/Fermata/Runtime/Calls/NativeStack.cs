using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fermata.Runtime;

/// <summary>How far down the current thread's stack WebAssembly code may go.</summary>
/// <remarks>
/// .NET cannot recover from a stack overflow, so generated code compares the address of a local with this limit. Below the limit
/// there is room left for host functions, for the compiler at a first call, and for the exception itself.
/// </remarks>
internal static partial class NativeStack
{
    private const nuint Reserve = 192 * 1024;

    /// <summary>What exceptions that pass from call to call may take of the reserve.</summary>
    private const nuint ReserveOfExceptions = 64 * 1024;

    /// <summary>What is assumed of a thread where the system cannot be asked.</summary>
    private const nuint AssumedSize = 256 * 1024;

    [ThreadStatic]
    private static nuint _threadLimit;

    /// <summary>The stack for code that is entered here and now.</summary>
    /// <param name="maxBytes">The most that it may use.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static unsafe NativeStackRange Here(int maxBytes)
    {
        var marker = 0;
        var here = (nuint)(&marker);
        var limit = ThreadLimit(here);
        var wanted = here - (nuint)maxBytes;
        return new NativeStackRange(here, wanted > limit ? wanted : limit);
    }

    /// <summary>Whether so much of the reserve is used that an exception must not pass another call.</summary>
    /// <remarks>
    /// To be asked in a filter, which runs below everything that .NET keeps while handlers run: some 14 KB for each exception that was thrown again in a handler, until one returns.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static unsafe bool IsShort()
    {
        var marker = 0;
        var here = (nuint)(&marker);
        return here < ThreadLimit(here) - ReserveOfExceptions;
    }

    /// <summary>Whether the thread has so many bytes of stack left, the reserve included.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static unsafe bool HasRoom(nuint bytes)
    {
        var marker = 0;
        var here = (nuint)(&marker);
        return here - (ThreadLimit(here) - Reserve) >= bytes;
    }

    private static nuint ThreadLimit(nuint here)
    {
        if (_threadLimit == 0)
            _threadLimit = LowestAddress(here) + Reserve;
        return _threadLimit;
    }

    private static nuint LowestAddress(nuint here)
    {
        if (OperatingSystem.IsWindows())
        {
            GetCurrentThreadStackLimits(out var low, out _);
            return low;
        }

        if (OperatingSystem.IsMacOS())
        {
            var thread = PthreadSelfMac();
            return PthreadGetStackAddress(thread) - PthreadGetStackSize(thread);
        }

        return OperatingSystem.IsLinux() && LinuxLowestAddress() is { } lowest ? lowest : here - AssumedSize - Reserve;
    }

    private static unsafe nuint? LinuxLowestAddress()
    {
        // pthread_attr_t is 56 bytes on 64-bit Linux.
        var attributes = stackalloc byte[64];
        if (PthreadGetAttributes(PthreadSelf(), attributes) != 0)
            return null;
        var result = PthreadAttributesGetStack(attributes, out var lowest, out _);
        _ = PthreadAttributesDestroy(attributes);
        return result == 0 ? lowest : null;
    }

    [LibraryImport("kernel32")]
    private static partial void GetCurrentThreadStackLimits(out nuint low, out nuint high);

    [LibraryImport("libSystem", EntryPoint = "pthread_self")]
    private static partial nuint PthreadSelfMac();

    [LibraryImport("libSystem", EntryPoint = "pthread_get_stackaddr_np")]
    private static partial nuint PthreadGetStackAddress(nuint thread);

    [LibraryImport("libSystem", EntryPoint = "pthread_get_stacksize_np")]
    private static partial nuint PthreadGetStackSize(nuint thread);

    [LibraryImport("libc", EntryPoint = "pthread_self")]
    private static partial nuint PthreadSelf();

    [LibraryImport("libc", EntryPoint = "pthread_getattr_np")]
    private static unsafe partial int PthreadGetAttributes(nuint thread, byte* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_attr_getstack")]
    private static unsafe partial int PthreadAttributesGetStack(byte* attributes, out nuint lowest, out nuint size);

    [LibraryImport("libc", EntryPoint = "pthread_attr_destroy")]
    private static unsafe partial int PthreadAttributesDestroy(byte* attributes);
}
