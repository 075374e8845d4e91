using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Fermata.Runtime;

/// <summary>
/// A handler of SIGSEGV in front of the one that is there. It takes a fault in one range of addresses for the null reference that .NET makes an exception of,
/// at the instruction that faulted; all else it passes on as it is.
/// </summary>
/// <remarks>
/// It is machine code, since .NET code cannot run in a signal handler, and changes nothing but the address that the system gives: it neither returns nor calls, keeps
/// no state, and so works on any thread, whatever that does. Linux on x64; elsewhere code checks bounds itself.
/// </remarks>
internal static unsafe partial class FaultHandler
{
    private const int SegmentationFault = 11;
    private const int TakesInfo = 4;

    // struct sigaction of Linux's C libraries: the handler, a mask of 128 bytes, the flags, and what the library adds.
    private const int ActionBytes = 152;
    private const int FlagsOffset = 136;

    // Where the code below has its constants.
    private const int StartOffset = 12;
    private const int SizeOffset = 25;
    private const int PreviousOffset = 46;

    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Installs it for a range, once in a process and for good.</summary>
    /// <param name="start">The first address.</param>
    /// <param name="size">The number of bytes.</param>
    /// <returns>Whether it is there. It is not where the system refuses code that is written at run time, or where nothing handles null references.</returns>
    public static bool TryInstall(nint start, nuint size)
    {
        var action = stackalloc byte[ActionBytes];
        new Span<byte>(action, ActionBytes).Clear();
        if (SetAction(SegmentationFault, null, action) != 0 || (*(int*)(action + FlagsOffset) & TakesInfo) == 0)
            return false;

        ReadOnlySpan<byte> template =
        [
            0x83, 0x7E, 0x08, 0x00,                                     // cmp dword ptr [rsi + 8], 0: si_code
            0x7E, 0x26,                                                 // jle pass_on: a process sent it, there is no address
            0x48, 0x8B, 0x46, 0x10,                                     // mov rax, [rsi + 16]: si_addr
            0x48, 0xB9, 0, 0, 0, 0, 0, 0, 0, 0,                         // mov rcx, start
            0x48, 0x29, 0xC8,                                           // sub rax, rcx
            0x48, 0xB9, 0, 0, 0, 0, 0, 0, 0, 0,                         // mov rcx, size
            0x48, 0x39, 0xC8,                                           // cmp rax, rcx
            0x73, 0x06,                                                 // jae pass_on
            0x31, 0xC0,                                                 // xor eax, eax
            0x48, 0x89, 0x46, 0x10,                                     // mov [rsi + 16], rax
            0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0,                         // pass_on: mov rax, previous handler
            0xFF, 0xE0,                                                 // jmp rax
        ];
        var code = template.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(code.AsSpan(StartOffset), start);
        BinaryPrimitives.WriteUInt64LittleEndian(code.AsSpan(SizeOffset), size);
        BinaryPrimitives.WriteInt64LittleEndian(code.AsSpan(PreviousOffset), *(long*)action);
        var handler = PosixPages.TryAddCode(code);
        if (handler == 0)
            return false;

        // With the mask, the flags and the alternate stack of the one before.
        *(nint*)action = handler;
        return SetAction(SegmentationFault, action, null) == 0;
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SetAction(int signal, byte* action, byte* previous);
}
