using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Fermata.Runtime;

/// <summary>
/// The contents of a memory at one time. On Linux they are a file in memory, which others map as theirs: the system gives them a page of their own when they write to it. Elsewhere
/// they are copied.
/// </summary>
internal sealed unsafe class MemoryImage : IDisposable
{
    /// <summary>Whether a page is zero is asked of so many bytes.</summary>
    private const int Unit = SnapshotFormat.UnitBytes;

    private readonly SafeFileHandle? _file;
    private readonly List<(ulong Address, byte[] Bytes)> _copies = [];
    private volatile bool _isDisposed;

    private MemoryImage(Memory memory)
    {
        Length = memory.Length;
        _file = PosixPages.TryCreateFile();
        if (_file is not null)
            RandomAccess.SetLength(_file, (long)Length);
        foreach (var (address, length) in Runs(memory))
        {
            var bytes = new ReadOnlySpan<byte>((byte*)memory.Base + address, length);
            if (_file is null)
                _copies.Add((address, bytes.ToArray()));
            else
                RandomAccess.Write(_file, bytes, (long)address);
        }
    }

    /// <summary>The number of bytes.</summary>
    public ulong Length { get; }

    /// <exception cref="NotSupportedException">The memory is shared.</exception>
    public static MemoryImage Of(Memory memory) => memory.Store is null
        ? throw new NotSupportedException("An image cannot have a shared memory, which other threads change meanwhile.")
        : new MemoryImage(memory);

    /// <summary>Backs the start of a reservation with the contents. What is there now may be lost even if it fails.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="backed">How many of its bytes are backed.</param>
    public bool TryLoad(MemoryReservation reservation, ulong backed)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(InstanceImage));
        if (_file is not null)
            return reservation.TryMap(_file, Length);
        if (!reservation.TryCommit(backed, Length - backed))
            return false;
        NativeMemory.Clear((void*)reservation.Base, (nuint)backed);
        foreach (var (address, bytes) in _copies)
            bytes.CopyTo(new Span<byte>((byte*)reservation.Base + address, bytes.Length));
        return true;
    }

    public void Dispose()
    {
        _isDisposed = true;
        _file?.Dispose();
    }

    /// <summary>Where the memory is not zero.</summary>
    public static IEnumerable<(ulong Address, int Length)> Runs(Memory memory)
    {
        const int longest = 1 << 20;
        var start = 0ul;
        var length = 0;
        for (var address = 0ul; address < memory.Length; address += Unit)
        {
            if (IsZero(memory, address))
            {
                if (length > 0)
                    yield return (start, length);
                length = 0;
                continue;
            }

            if (length == 0)
                start = address;
            length += Unit;
            if (length < longest)
                continue;
            yield return (start, length);
            length = 0;
        }

        if (length > 0)
            yield return (start, length);
    }

    private static bool IsZero(Memory memory, ulong address) => !new ReadOnlySpan<byte>((byte*)memory.Base + address, Unit).ContainsAnyExcept((byte)0);
}
