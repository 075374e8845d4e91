using System.Runtime.InteropServices;

namespace Fermata.Emscripten.Abi;

/// <summary><c>struct flock</c> of <c>fcntl.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FileLock(short Kind, short Whence, long Start, long Length, int Process);
