using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static Fermata.Platform.FileSystems.LinuxConstants;

namespace Fermata.Platform.FileSystems;

/// <summary>What Linux is asked, with its errors. Never more than one component of a path, and never so that a symbolic link is followed.</summary>
internal static unsafe class LinuxCalls
{
    /// <summary>Between pieces of that many bytes it is looked whether anybody still waits.</summary>
    public const int MostBytesAtOnce = 1 << 20;

    /// <summary>Set in everything that is opened: nothing is inherited by other processes, waits when it is opened, or becomes the terminal of this process.</summary>
    private const int Always = CloseOnExec | NonBlocking | NoTerminal;

    /// <summary>What programs may permit and deny: nobody is to run what they wrote as the user or the group of this process.</summary>
    private const UnixFileMode Permissions = (UnixFileMode)0b111_111_111;

    /// <summary>What nothing is said of.</summary>
    private const UnixFileMode ModeOfFile = (UnixFileMode)0b110_110_110;

    /// <summary>The directory as its own entry.</summary>
    private const string Itself = ".";

    /// <summary>Opens the directory that is the root, by a path of the host, whose symbolic links are followed.</summary>
    public static Result<SafeFileHandle> OpenRoot(string path)
    {
        SafeFileHandle opened;
        do
            opened = Libc.OpenPath(path, CloseOnExec | PathOnly | LinuxConstants.Directory, 0);
        while (opened.IsInvalid && WasInterrupted());
        return Checked(opened);
    }

    /// <summary>Opens a directory to find entries, for which it need not be readable.</summary>
    public static Result<SafeFileHandle> OpenDirectory(SafeFileHandle directory, string name) => Open(directory, name, PathOnly | LinuxConstants.Directory);

    /// <summary>Opens whatever is there, for nothing but that it stays.</summary>
    public static Result<SafeFileHandle> OpenEntry(SafeFileHandle directory, string name) => Open(directory, name, PathOnly);

    public static Result<SafeFileHandle> OpenAgain(SafeFileHandle directory) => OpenDirectory(directory, Itself);

    public static Result<SafeFileHandle> OpenFile(SafeFileHandle directory, string name, FileOpening opening, UnixFileMode? mode)
    {
        var flags = (opening & (FileOpening.Read | FileOpening.Write)) switch
        {
            FileOpening.Read | FileOpening.Write => ReadWrite,
            FileOpening.Write => WriteOnly,
            _ => 0,
        };
        if (opening.HasFlag(FileOpening.Create))
            flags |= opening.HasFlag(FileOpening.Exclusive) ? Create | Exclusive : Create;
        return Open(directory, name, flags | Always, ToMode(mode ?? ModeOfFile));
    }

    public static Result<FileStatus> GetStatus(SafeFileHandle file) => GetStatus(file, "", AtEmptyPath);

    public static Result<FileStatus> GetStatus(SafeFileHandle directory, string name) => GetStatus(directory, name, AtNoFollow);

    public static Result<DirectoryEntry[]> ReadEntries(SafeFileHandle directory, CancellationToken cancellationToken)
    {
        if (!Open(directory, Itself, LinuxConstants.Directory | Always).TryGet(out var readable, out var error))
            return error;
        using var stream = Libc.OpenDirectory(readable.DangerousGetHandle());
        if (stream.IsInvalid)
        {
            error = LinuxErrors.Last;
            readable.Dispose();
            return error;
        }

        // The stream closes it.
        readable.SetHandleAsInvalid();
        var entries = new List<DirectoryEntry>();
        for (var entry = Libc.ReadDirectory(stream); entry != null; entry = Libc.ReadDirectory(stream))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryRead(entry, directory, out var read))
                entries.Add(read);
        }

        return LinuxErrors.LastNumber == 0 ? entries.ToArray() : LinuxErrors.Last;
    }

    public static Result<string> ReadLink(SafeFileHandle directory, string name)
    {
        const int Longest = PathWalk.LongestPath;
        var buffer = stackalloc byte[Longest];
        var length = Libc.ReadLink(directory, name, buffer, Longest);
        if (length < 0)
            return LinuxErrors.Last;
        if (length == Longest)
            return Errno.ENAMETOOLONG;
        return EntryName.TryDecode(new ReadOnlySpan<byte>(buffer, (int)length), out var target) ? target : Errno.EILSEQ;
    }

    public static Errno MakeDirectory(SafeFileHandle directory, string name, UnixFileMode? mode) =>
        Checked(Libc.MakeDirectory(directory, name, ToMode(mode ?? Permissions)));

    public static Errno MakeSymbolicLink(SafeFileHandle directory, string name, string target) => Checked(Libc.SymbolicLink(target, directory, name));

    public static Errno Link(SafeFileHandle directory, string name, SafeFileHandle newDirectory, string newName) =>
        Checked(Libc.Link(directory, name, newDirectory, newName, flags: 0));

    public static Errno Rename(SafeFileHandle directory, string name, SafeFileHandle newDirectory, string newName) =>
        Checked(Libc.Rename(directory, name, newDirectory, newName));

    public static Errno RemoveFile(SafeFileHandle directory, string name) => Checked(Libc.Unlink(directory, name, flags: 0));

    public static Errno RemoveDirectory(SafeFileHandle directory, string name) => Checked(Libc.Unlink(directory, name, AtRemoveDirectory));

    public static Errno SetTimes(SafeFileHandle directory, string name, FileTimes times)
    {
        var both = stackalloc Libc.TimeSpec[] { ToTimeSpec(times.Access), ToTimeSpec(times.Modification) };
        return Checked(Libc.SetTimes(directory, name, both, AtNoFollow));
    }

    public static Errno SetTimesOfDirectory(SafeFileHandle directory, FileTimes times) => SetTimes(directory, Itself, times);

    public static Errno SetTimesOfFile(SafeFileHandle file, FileTimes times)
    {
        var both = stackalloc Libc.TimeSpec[] { ToTimeSpec(times.Access), ToTimeSpec(times.Modification) };
        return Checked(Libc.SetTimes(file, both));
    }

    public static Errno SetMode(SafeFileHandle directory, string name, UnixFileMode mode) => Checked(Libc.SetMode(directory, name, ToMode(mode), AtNoFollow));

    public static Errno SetModeOfDirectory(SafeFileHandle directory, UnixFileMode mode) => SetMode(directory, Itself, mode);

    public static Errno SetModeOfFile(SafeFileHandle file, UnixFileMode mode) => Checked(Libc.SetMode(file, ToMode(mode)));

    /// <summary>Opens a file once more, with a state of its own.</summary>
    public static Result<SafeFileHandle> Reopen(SafeFileHandle file, bool isWriting)
    {
        SafeFileHandle opened;
        do
            opened = Libc.OpenPath($"/proc/self/fd/{file.DangerousGetHandle()}", (isWriting ? ReadWrite : 0) | Always, 0);
        while (opened.IsInvalid && WasInterrupted());
        GC.KeepAlive(file);
        return Checked(opened);
    }

    /// <summary>Another handle of what is open, with the same state.</summary>
    public static Result<SafeFileHandle> Duplicate(SafeFileHandle file) => Checked(Libc.Duplicate(file, DuplicateCloseOnExec, 0));

    /// <summary>Locks or unlocks a range, for what was opened.</summary>
    public static Errno SetLock(SafeFileHandle file, LockKind kind, LockRange range)
    {
        var structure = ToLock(kind, range);
        return Checked(Libc.Control(file, SetFileLock, ref structure));
    }

    /// <summary>A lock that is in the way of one; of no kind if there is none.</summary>
    public static Result<(LockKind Kind, LockRange Range)> FindLock(SafeFileHandle file, LockKind kind, LockRange range)
    {
        var structure = ToLock(kind, range);
        return Libc.Control(file, GetFileLock, ref structure) < 0 ? LinuxErrors.Last
            : ((LockKind)structure.Kind, new LockRange(structure.Start, structure.Length == 0 ? long.MaxValue : structure.Start + structure.Length - 1));
    }

    /// <summary>Waits until a file can be used without being held up, or an error tells that it cannot be used.</summary>
    /// <param name="file">The file.</param>
    /// <param name="events">How, as <c>poll</c> has it.</param>
    /// <param name="milliseconds">How long; -1 is for ever.</param>
    /// <returns>False if the time was over.</returns>
    public static bool Poll(SafeFileHandle file, short events, int milliseconds)
    {
        var entry = new Libc.PollEntry((int)file.DangerousGetHandle(), events, 0);
        int count;
        do
            count = Libc.Poll(ref entry, 1, milliseconds);
        while (count < 0 && WasInterrupted());
        return count != 0;
    }

    /// <summary>How many bytes can be read without waiting; 0 at the end, if it is known that there is something or an end.</summary>
    public static Result<int> CountReadable(SafeFileHandle file) => Libc.Control(file, CountOfReadable, out var count) < 0 ? LinuxErrors.Last : count;

    /// <summary>Reads at most <see cref="MostBytesAtOnce"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="buffer">Where the bytes go to.</param>
    /// <param name="offset">Where they are; null in what has no places.</param>
    public static Result<int> Read(SafeFileHandle file, Span<byte> buffer, long? offset)
    {
        fixed (byte* bytes = buffer)
        {
            nint count;
            do
            {
                var length = Math.Min(buffer.Length, MostBytesAtOnce);
                count = offset is { } place ? Libc.Read(file, bytes, length, place) : Libc.Read(file, bytes, length);
            }
            while (count < 0 && WasInterrupted());
            return count < 0 ? LinuxErrors.Last : (int)count;
        }
    }

    /// <summary>Writes at most <see cref="MostBytesAtOnce"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="buffer">The bytes.</param>
    /// <param name="offset">Where they go to; null in what has no places.</param>
    public static Result<int> Write(SafeFileHandle file, ReadOnlySpan<byte> buffer, long? offset)
    {
        fixed (byte* bytes = buffer)
        {
            nint count;
            do
            {
                var length = Math.Min(buffer.Length, MostBytesAtOnce);
                count = offset is { } place ? Libc.Write(file, bytes, length, place) : Libc.Write(file, bytes, length);
            }
            while (count < 0 && WasInterrupted());
            return count < 0 ? LinuxErrors.Last : (int)count;
        }
    }

    /// <summary>Writes at most <see cref="MostBytesAtOnce"/> at the end of a file.</summary>
    public static Result<int> Append(SafeFileHandle file, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            nint count;
            var vector = new Libc.IoVector(bytes, Math.Min(buffer.Length, MostBytesAtOnce));
            do
                count = Libc.Write(file, &vector, 1, 0, AppendWrite);
            while (count < 0 && WasInterrupted());
            return count < 0 ? LinuxErrors.Last : (int)count;
        }
    }

    public static Errno SetLength(SafeFileHandle file, long length)
    {
        int result;
        do
            result = Libc.Truncate(file, length);
        while (result < 0 && WasInterrupted());
        return Checked(result);
    }

    public static Errno Allocate(SafeFileHandle file, long offset, long length)
    {
        int result;
        do
            result = Libc.Allocate(file, mode: 0, offset, length);
        while (result < 0 && WasInterrupted());
        return Checked(result);
    }

    public static Errno Sync(SafeFileHandle file, bool dataOnly)
    {
        int result;
        do
            result = dataOnly ? Libc.SyncData(file) : Libc.Sync(file);
        while (result < 0 && WasInterrupted());
        return Checked(result);
    }

    public static Errno SyncDirectory(SafeFileHandle directory)
    {
        if (!Open(directory, Itself, LinuxConstants.Directory | Always).TryGet(out var readable, out var error))
            return error;
        using (readable)
            return Sync(readable, dataOnly: false);
    }

    private static Result<SafeFileHandle> Open(SafeFileHandle directory, string name, int flags, uint mode = 0)
    {
        SafeFileHandle opened;
        do
            opened = Libc.Open(directory, name, flags | NoFollow | CloseOnExec, mode);
        while (opened.IsInvalid && WasInterrupted());
        return Checked(opened);
    }

    private static Result<FileStatus> GetStatus(SafeFileHandle directory, string name, int flags) =>
        Libc.Statx(directory, name, flags, BasicStatus, out var result) < 0 ? LinuxErrors.Last : result.ToStatus();

    /// <summary>Reads a <c>struct dirent</c>, if it has a name that can be told.</summary>
    private static bool TryRead(byte* entry, SafeFileHandle directory, out DirectoryEntry read)
    {
        const int TypeOffset = 18;
        const int NameOffset = 19;
        read = default;
        if (!EntryName.TryDecode(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + NameOffset), out var name) || name is "." or "..")
            return false;
        var kind = KindOf(entry[TypeOffset]);

        // Some file systems do not tell the kind here.
        if (kind == FileKind.Unknown && GetStatus(directory, name).TryGet(out var status))
            kind = status.Kind;
        read = new DirectoryEntry(name, kind, Inode: *(ulong*)entry);
        return true;
    }

    private static Libc.FileLock ToLock(LockKind kind, LockRange range) => new((short)kind, 0, range.First, range.Last == long.MaxValue ? 0 : range.Last - range.First + 1, 0);

    private static uint ToMode(UnixFileMode mode) => (uint)(mode & Permissions);

    private static Libc.TimeSpec ToTimeSpec(long? time)
    {
        if (time is not { } nanoseconds)
            return new Libc.TimeSpec(0, OmitTime);
        var seconds = Math.DivRem(nanoseconds, NanosecondsPerSecond, out var rest);
        return rest < 0 ? new Libc.TimeSpec(seconds - 1, rest + NanosecondsPerSecond) : new Libc.TimeSpec(seconds, rest);
    }

    private static bool WasInterrupted() => LinuxErrors.LastNumber == LinuxErrors.Interrupted;

    private static Errno Checked(int result) => result < 0 ? LinuxErrors.Last : Errno.None;

    private static Result<SafeFileHandle> Checked(SafeFileHandle opened)
    {
        if (!opened.IsInvalid)
            return opened;
        var error = LinuxErrors.Last;
        opened.Dispose();
        return error;
    }
}
