using System.Runtime.InteropServices;
using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Wasi;

/// <summary><c>iovec</c> and <c>ciovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct IoVector(uint Buffer, uint Length);

/// <summary><c>fdstat</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FdStat(FileType Type, FdFlags Flags, Rights Rights, Rights Inheriting);

/// <summary><c>prestat</c>, of a directory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct PreStat(byte Tag, uint NameLength);

/// <summary><c>dirent</c>, which the name follows.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Dirent(ulong Next, ulong Inode, uint NameLength, FileType Type)
{
    public const int Size = 24;
}

/// <summary><c>filestat</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FileStat(ulong Device, ulong Inode, FileType Type, ulong LinkCount, ulong Size, long AccessTime, long ModificationTime, long ChangeTime)
{
    public static FileStat From(FileStatus status) => new(
        status.Device, status.Inode, status.Kind.ToFileType(), status.LinkCount, (ulong)status.Length, status.AccessTime, status.ModificationTime, status.ChangeTime);
}

/// <summary><c>filestat</c> of <c>wasi_unstable</c>: the count of links is shorter.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct UnstableFileStat(ulong Device, ulong Inode, FileType Type, uint LinkCount, ulong Size, long AccessTime, long ModificationTime, long ChangeTime)
{
    public static UnstableFileStat From(FileStatus status) => new(
        status.Device, status.Inode, status.Kind.ToFileType(), (uint)Math.Min(status.LinkCount, uint.MaxValue), (ulong)status.Length, status.AccessTime, status.ModificationTime, status.ChangeTime);
}

/// <summary><c>eventtype</c>.</summary>
internal enum EventType : byte
{
    Clock,
    FdRead,
    FdWrite,
}

/// <summary><c>event</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Event(ulong UserData, ushort Error, EventType Type, ulong Bytes, ushort Flags)
{
    public const int Size = 32;

    /// <summary><c>eventrwflags::fd_readwrite_hangup</c>.</summary>
    public const ushort Hangup = 1;

    public static Event Of(in Subscription subscription, Errno error, long bytes = 0, bool isHungUp = false) =>
        new(subscription.UserData, (ushort)error, subscription.Type, (ulong)bytes, isHungUp ? Hangup : (ushort)0);
}
