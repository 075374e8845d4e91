using System.Runtime.InteropServices;

namespace Fermata.Emscripten.Abi;

/// <summary><c>struct msghdr</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct MessageHeader(int Name, int NameLength, int Vectors, int VectorCount, int Control, int ControlLength, MessageFlags Flags)
{
    public const int NameLengthOffset = 4;
}
