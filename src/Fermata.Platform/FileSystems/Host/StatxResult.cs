using System.Runtime.InteropServices;

namespace Fermata.Platform.FileSystems;

/// <summary><c>struct statx</c> of Linux, which is the same on all processors: the fields that are read.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal readonly struct StatxResult
{
    [FieldOffset(16)]
    private readonly uint _linkCount;

    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(32)]
    private readonly ulong _inode;

    [FieldOffset(40)]
    private readonly ulong _size;

    [FieldOffset(64)]
    private readonly Timestamp _accessTime;

    [FieldOffset(96)]
    private readonly Timestamp _changeTime;

    [FieldOffset(112)]
    private readonly Timestamp _modificationTime;

    [FieldOffset(136)]
    private readonly uint _deviceMajor;

    [FieldOffset(140)]
    private readonly uint _deviceMinor;

    /// <summary>The kind is in the upper four bits of the mode, which are also what directories tell of their entries (<c>IFTODT</c>).</summary>
    public FileStatus ToStatus() => new()
    {
        Kind = LinuxConstants.KindOf(_mode >> 12),
        Length = (long)_size,
        Device = ((ulong)_deviceMajor << 32) | _deviceMinor,
        Inode = _inode,
        LinkCount = _linkCount,
        Mode = (UnixFileMode)(_mode & 0b111_111_111_111),
        AccessTime = _accessTime.ToNanoseconds(),
        ModificationTime = _modificationTime.ToNanoseconds(),
        ChangeTime = _changeTime.ToNanoseconds(),
    };

    /// <summary><c>struct statx_timestamp</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Timestamp
    {
        private readonly long _seconds;
        private readonly uint _nanoseconds;
        private readonly int _reserved;

        /// <summary>From 1677 to 2262; what is beyond is the first or the last.</summary>
        public long ToNanoseconds() => (long)Int128.Clamp(((Int128)_seconds * LinuxConstants.NanosecondsPerSecond) + _nanoseconds, long.MinValue, long.MaxValue);
    }
}
