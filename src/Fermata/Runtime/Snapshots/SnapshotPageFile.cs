using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fermata;

/// <summary>Pages of any number of snapshots in one file, which only grows: a further snapshot adds what has changed.</summary>
/// <remarks>It may be used by several threads, and by one process at a time. What a process that ended in the middle of it has left at the end is overwritten.</remarks>
public sealed class SnapshotPageFile : SnapshotPages, IDisposable
{
    private const int RecordBytes = NameBytes + PageBytes;

    private readonly Lock _lock = new();
    private readonly SafeFileHandle _file;
    private readonly Dictionary<UInt256, long> _places = [];
    private long _end;

    /// <summary>Opens a file of pages, or makes one.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="IOException">It cannot be opened, or another process has it open.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public SnapshotPageFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var length = RandomAccess.GetLength(_file);
        var name = default(UInt256);
        for (; _end + RecordBytes <= length; _end += RecordBytes)
        {
            if (RandomAccess.Read(_file, Bytes(ref name), _end) == NameBytes)
                _places.TryAdd(name, _end);
        }
    }

    /// <summary>The number of pages.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _places.Count;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public override void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> page)
    {
        var key = Key(name);
        ArgumentOutOfRangeException.ThrowIfNotEqual(page.Length, PageBytes);
        lock (_lock)
        {
            if (_places.ContainsKey(key))
                return;
            RandomAccess.Write(_file, page, _end + NameBytes);
            RandomAccess.Write(_file, name, _end);
            _places.Add(key, _end);
            _end += RecordBytes;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public override bool TryRead(ReadOnlySpan<byte> name, Span<byte> page)
    {
        var key = Key(name);
        ArgumentOutOfRangeException.ThrowIfNotEqual(page.Length, PageBytes);
        long place;
        lock (_lock)
        {
            if (!_places.TryGetValue(key, out place))
                return false;
        }

        return RandomAccess.Read(_file, page, place + NameBytes) == PageBytes;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static UInt256 Key(ReadOnlySpan<byte> name)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(name.Length, NameBytes);
        return MemoryMarshal.Read<UInt256>(name);
    }

    private static Span<byte> Bytes(ref UInt256 value) => MemoryMarshal.AsBytes(new Span<UInt256>(ref value));

    private readonly record struct UInt256(UInt128 Low, UInt128 High);
}
