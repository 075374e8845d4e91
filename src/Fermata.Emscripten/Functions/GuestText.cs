using System.Text;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Wasi.Functions;

namespace Fermata.Emscripten.Functions;

/// <summary>Texts of C in a program's memory, which end with a NUL.</summary>
internal static class GuestText
{
    /// <summary>Reads a path.</summary>
    /// <returns><see cref="Errno.EILSEQ"/> if it is not UTF-8, <see cref="Errno.ENAMETOOLONG"/> if it is too long for one.</returns>
    /// <exception cref="MemoryTrapException">It is not inside the memory.</exception>
    public static Result<string> ReadPath(Caller caller, int address)
    {
        var length = LengthOf(caller, address, PathWalk.LongestPath);
        return length < 0 ? Errno.ENAMETOOLONG : HostCall.ReadPath(caller, address, length);
    }

    /// <summary>Reads a text that is only told or compared: what is no UTF-8 in it becomes U+FFFD, and what is beyond a length is left out. Null for a null pointer.</summary>
    /// <param name="caller">Whoever calls.</param>
    /// <param name="address">Its address.</param>
    /// <param name="most">How many bytes it has at most.</param>
    /// <param name="encoding">What it is in place of UTF-8.</param>
    /// <exception cref="MemoryTrapException">It is not inside the memory.</exception>
    public static string? Read(Caller caller, int address, int most = PathWalk.LongestPath, Encoding? encoding = null)
    {
        if (address == 0)
            return null;
        var length = LengthOf(caller, address, most);
        return (encoding ?? Encoding.UTF8).GetString(caller.GetSpan(address, length < 0 ? most : length));
    }

    /// <summary>Writes a text with a NUL, of which what has no room is left out.</summary>
    /// <exception cref="MemoryTrapException">Its place is not inside the memory.</exception>
    public static void Write(Caller caller, int address, int room, ReadOnlySpan<byte> text)
    {
        var span = caller.GetSpan(address, room);
        if (span.IsEmpty)
            return;
        text = text[..Math.Min(text.Length, span.Length - 1)];
        text.CopyTo(span);
        span[text.Length] = 0;
    }

    /// <summary>How many bytes there are before the NUL; negative if there are as many as there may be, or more.</summary>
    private static int LengthOf(Caller caller, int address, int most)
    {
        var rest = (ulong)caller.Memory.ByteLength - Math.Min((ulong)caller.Memory.ByteLength, (uint)address);
        var span = caller.GetSpan(address, (int)Math.Min((ulong)most, Math.Max(rest, 1)));
        var length = span.IndexOf((byte)0);
        if (length < 0 && span.Length < most)
            _ = caller.GetSpan((uint)address, (uint)span.Length + 1);
        return length;
    }
}
