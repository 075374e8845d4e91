using System.Runtime.InteropServices;

namespace Fermata.Emscripten.Abi;

/// <summary>The beginning of <c>ucontext_t</c>, as far as programs set it: which context is the next one, and where the stack is. The rest, which is that of the C library, means nothing here.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct UContext(uint Flags, int Link, uint StackAddress, int StackFlags, uint StackSize)
{
    private const uint Alignment = 16;

    /// <summary>The address at which an empty stack begins, which grows down.</summary>
    public uint StackEnd => (StackAddress + StackSize) & ~(Alignment - 1);
}
