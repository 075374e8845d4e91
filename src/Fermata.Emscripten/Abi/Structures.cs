using System.Runtime.InteropServices;
using System.Text;
using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Emscripten.Abi;

// Layouts of musl for wasm32, as Emscripten has it. Each field is as wide as its place up to the next one: bytes between fields would be whatever the host had there.

/// <summary><c>struct stat</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Stat(
    uint Device, uint Mode, uint LinkCount, uint User, uint Group, uint SpecialDevice, long Size, int BlockSize, uint Blocks, TimeSpec AccessTime, TimeSpec ModificationTime,
    TimeSpec ChangeTime, ulong Inode)
{
    private const int PreferredBlock = 4096, BytesOfBlock = 512;

    public static Stat From(FileStatus status, UnixFileMode permissions) => new(
        (uint)(status.Device ^ (status.Device >> 32)), status.Kind.ToMode() | (uint)permissions, (uint)status.LinkCount, 0, 0, (uint)status.RepresentedDevice, status.Length, PreferredBlock,
        (uint)((status.Length + BytesOfBlock - 1) / BytesOfBlock), TimeSpec.From(status.AccessTime), TimeSpec.From(status.ModificationTime), TimeSpec.From(status.ChangeTime),
        status.Inode);
}

/// <summary><c>struct timespec</c>, with seconds of 64 bits.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TimeSpec(long Seconds, long Nanoseconds)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>In place of nanoseconds: the time is now, or stays as it is.</summary>
    private const int Now = 0x3fffffff, Omit = 0x3ffffffe;

    public static TimeSpec From(long nanoseconds)
    {
        var (seconds, rest) = Math.DivRem(nanoseconds, NanosecondsPerSecond);
        return rest < 0 ? new TimeSpec(seconds - 1, rest + NanosecondsPerSecond) : new TimeSpec(seconds, rest);
    }

    /// <summary>A time that is to be set, in nanoseconds; null if it stays as it is.</summary>
    /// <param name="now">The time that it is now.</param>
    public Result<long?> ToNanoseconds(long now)
    {
        // The upper half of the nanoseconds is padding.
        var nanoseconds = (int)Nanoseconds;
        return nanoseconds switch
        {
            Now => now,
            Omit => (long?)null,
            < 0 or >= (int)NanosecondsPerSecond => Errno.EINVAL,
            _ when Seconds is < long.MinValue / NanosecondsPerSecond or >= long.MaxValue / NanosecondsPerSecond => Errno.EINVAL,
            _ => (Seconds * NanosecondsPerSecond) + nanoseconds,
        };
    }
}

/// <summary><c>struct statfs</c>: of 64 bytes with counts of 32 bits, or of 88 with counts of 64 bits since Emscripten 4.</summary>
internal static class StatFs
{
    private const int ShortSize = 64;

    private const uint Block = 4096, Blocks = 1_000_000, Files = 1_000_000, LongestName = 255;

    /// <summary>Where the counts begin, behind the type and the size of a block.</summary>
    private const int FirstCount = 8;

    public static void Write(Span<byte> target)
    {
        target.Clear();
        var isShort = target.Length <= ShortSize;
        var (countSize, rest) = isShort ? (sizeof(uint), FirstCount + (5 * sizeof(uint)) + sizeof(ulong)) : (sizeof(ulong), FirstCount + (6 * sizeof(ulong)));
        Put(target, sizeof(uint), Block);
        foreach (var (index, count) in new[] { Blocks, Blocks, Blocks, Files, Files }.Index())
            Put(target, FirstCount + (index * countSize), count);
        Put(target, rest, LongestName);
        Put(target, rest + sizeof(uint), Block);
    }

    private static void Put(Span<byte> target, int offset, uint value)
    {
        if (offset + sizeof(uint) <= target.Length)
            MemoryMarshal.Write(target[offset..], value);
    }
}

/// <summary><c>struct dirent</c>: number of the file, position of the next entry, length, kind, and a name that ends with a NUL.</summary>
internal static class Entry
{
    public const int Size = 280;

    private const int NextOffset = 8, LengthOffset = 16, KindOffset = 18, NameOffset = 19, LongestName = Size - NameOffset - 5;

    public static void Write(Span<byte> target, DirectoryEntry entry, ulong next)
    {
        target.Clear();
        MemoryMarshal.Write(target, entry.Inode);
        MemoryMarshal.Write(target[NextOffset..], next);
        MemoryMarshal.Write(target[LengthOffset..], (ushort)Size);
        target[KindOffset] = entry.Kind.ToEntryType();
        Encoding.UTF8.GetEncoder().Convert(entry.Name, target.Slice(NameOffset, LongestName), flush: true, out _, out _, out _);
    }
}

/// <summary><c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct PollFd(int Descriptor, PollEvents Wanted, PollEvents Happened)
{
    public const int Size = 8, HappenedOffset = 6;
}

/// <summary><c>events</c> and <c>revents</c> of <c>poll</c>.</summary>
[Flags]
internal enum PollEvents : short
{
    None = 0,
    In = 1,
    Priority = 2,
    Out = 4,
    Error = 8,
    HangUp = 16,
    NotOpen = 32,
    ReadNormal = 64,
    ReadBand = 128,
    WriteNormal = 256,
    WriteBand = 512,
    PeerClosed = 8192,
}
