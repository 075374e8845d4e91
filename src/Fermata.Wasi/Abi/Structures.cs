using System.Runtime.InteropServices;
using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Wasi;

// Each field is as wide as its place up to the next one: bytes between fields would be whatever the host had there, and programs would see them.

/// <summary><c>iovec</c> and <c>ciovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct IoVector(uint Buffer, uint Length);

/// <summary><c>fdstat</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FdStat(ushort Type, FdFlags Flags, uint Unused, Rights Rights, Rights Inheriting)
{
    public static FdStat Of(Descriptor descriptor) => new((ushort)descriptor.Type, descriptor.Flags, 0, descriptor.Rights, descriptor.Inheriting);
}

/// <summary><c>prestat</c>, of a directory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct PreStat(uint Tag, uint NameLength);

/// <summary><c>dirent</c>, which the name follows.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Dirent(ulong Next, ulong Inode, uint NameLength, uint Type)
{
    public const int Size = 24;
}

/// <summary><c>filestat</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FileStat(ulong Device, ulong Inode, ulong Type, ulong LinkCount, ulong Size, long AccessTime, long ModificationTime, long ChangeTime)
{
    public static FileStat From(FileStatus status) => new(
        status.Device, status.Inode, (ulong)status.Kind.ToFileType(), status.LinkCount, (ulong)status.Length, status.AccessTime, status.ModificationTime, status.ChangeTime);
}

/// <summary><c>filestat</c> of <c>wasi_unstable</c>: the count of links is shorter.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct UnstableFileStat(ulong Device, ulong Inode, uint Type, uint LinkCount, ulong Size, long AccessTime, long ModificationTime, long ChangeTime)
{
    public static UnstableFileStat From(FileStatus status) => new(
        status.Device, status.Inode, (uint)status.Kind.ToFileType(), (uint)Math.Min(status.LinkCount, uint.MaxValue), (ulong)status.Length, status.AccessTime, status.ModificationTime, status.ChangeTime);
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
internal readonly record struct Event(ulong UserData, ushort Error, ushort Type, uint Unused, ulong Bytes, ulong Flags)
{
    public const int Size = 32;

    /// <summary><c>eventrwflags::fd_readwrite_hangup</c>.</summary>
    public const ulong Hangup = 1;

    public static Event Of(in Subscription subscription, Errno error, long bytes = 0, bool isHungUp = false) =>
        new(subscription.UserData, (ushort)error, (ushort)subscription.Type, 0, (ulong)bytes, isHungUp ? Hangup : 0);
}
