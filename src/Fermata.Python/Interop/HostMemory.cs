using System.Numerics;
using System.Runtime.CompilerServices;
using Fermata.Python.Views;

namespace Fermata.Python.Interop;

/// <summary>
/// Counts the bytes of objects of .NET that Python's values are put in. A few bytes of Python's memory can hold any number of them, or have them made, so that a limit of that memory is none
/// of the process's.
/// </summary>
internal sealed class HostMemory
{
    /// <summary>What an item takes at least, in bytes: a reference, and a number that it refers to.</summary>
    private const int ItemBytes = 32;

    private readonly ConditionalWeakTable<object, Share> _shares = [];
    private readonly Func<object, Share> _newShare;
    private readonly long _most;
    private (object? Container, Share? Share) _last;
    private long _used;

    /// <param name="most">The most bytes.</param>
    public HostMemory(long most) => (_most, _newShare) = (most, _ => new Share(this));

    /// <summary>Whether there were too many.</summary>
    public bool IsExhausted { get; private set; }

    /// <summary>Counts an item that is put into something.</summary>
    /// <exception cref="WasmExitException">There is no room for it: the interpreter ends, as the code that makes the items knows of no failure.</exception>
    public void Charge(object container, object? item) => Charge(container, SizeOf(item));

    /// <summary>Counts an item that takes the place of another one.</summary>
    /// <inheritdoc cref="Charge(object, object)"/>
    public void ChargeReplaced(object container, object? item, object? replaced) => Charge(container, SizeOf(item) - SizeOf(replaced));

    /// <summary>Counts items of nothing but references.</summary>
    /// <inheritdoc cref="Charge(object, object)"/>
    public void ChargeItems(object container, long count) => Charge(container, ItemBytes * count);

    /// <summary>Counts bytes, until what they belong to is collected.</summary>
    /// <inheritdoc cref="Charge(object, object)"/>
    public void Charge(object container, long bytes)
    {
        // Garbage is looked for where a good part of it may be garbage.
        if (bytes > 0 && Volatile.Read(ref _used) + bytes > _most && !HasRoom(bytes))
        {
            IsExhausted = true;
            throw new WasmExitException(1);
        }

        Interlocked.Add(ref _used, bytes);
        // Items mostly go where the one before went.
        if (!ReferenceEquals(container, _last.Container))
            _last = (container, _shares.GetOrAdd(container, _newShare));
        _last.Share!.Bytes += bytes;
    }

    /// <summary>Counts an array of numbers that Python holds from now on, wherever it is from, if it was not counted yet.</summary>
    /// <inheritdoc cref="Charge(object, object)"/>
    public void ChargeHeld(object value)
    {
        if (BufferView.Takes(value) && !_shares.TryGetValue(value, out _))
            Charge(value, Buffer.ByteLength((Array)value));
    }

    private static long SizeOf(object? item) => item switch
    {
        string text => ItemBytes + (sizeof(char) * (long)text.Length),
        BigInteger number => ItemBytes + number.GetByteCount(),
        _ => ItemBytes,
    };

    private bool HasRoom(long bytes)
    {
        _last = default;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Volatile.Read(ref _used) + bytes <= _most - (_most / 4);
    }

    /// <summary>What an object takes, which is given back when it is collected.</summary>
    private sealed class Share(HostMemory memory)
    {
        public long Bytes { get; set; }

        ~Share() => Interlocked.Add(ref memory._used, -Bytes);
    }
}
