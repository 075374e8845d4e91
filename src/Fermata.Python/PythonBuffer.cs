using System.Runtime.InteropServices;
using Fermata.Python.Interop;

namespace Fermata.Python;

/// <summary>
/// The bytes of an object of Python, such as <c>bytes</c>, <c>bytearray</c>, <c>array.array</c> or <c>memoryview</c>, where they lie (<see cref="PythonObject.OpenBuffer"/>). Until it is disposed Python keeps
/// them there, and cannot change the size of the object (<c>BufferError</c>).
/// </summary>
public sealed class PythonBuffer : IDisposable
{
    // struct Py_buffer with pointers of 32 bits.
    private const int Size = 44, Start = 0, Length = 8, ItemBytes = 12, ReadOnly = 16, FormatText = 24;

    // PyBUF_C_CONTIGUOUS with PyBUF_FORMAT, and PyBUF_WRITABLE.
    private const int Contiguous = 0x003C, Writable = 0x0001;

    private readonly Interpreter _python;
    private readonly int _view, _start, _length;
    private int _isDisposed;

    /// <summary>Opens a buffer, on the store's turn.</summary>
    internal PythonBuffer(Interpreter python, int pointer, bool isWritable)
    {
        _python = python;
        _view = python.C.Allocate(Size);
        if (_view == 0)
            throw new InsufficientMemoryException($"Python has no memory for a buffer's {Size} bytes.");
        try
        {
            python.RequireSuccess(python.C.GetBuffer(pointer, _view, Contiguous | (isWritable ? Writable : 0)));
        }
        catch
        {
            python.C.Free(_view);
            throw;
        }

        (_start, _length, ItemSize) = (python.Memory.Read<int>(_view + Start), python.Memory.Read<int>(_view + Length), python.Memory.Read<int>(_view + ItemBytes));
        IsReadOnly = python.Memory.Read<int>(_view + ReadOnly) != 0;
        Format = python.Memory.Read<int>(_view + FormatText) is var format && format == 0 ? "B" : python.ReadText(format);
    }

    /// <summary>The type of the items, in the spelling of Python's module <c>struct</c>, such as <c>d</c> for <c>double</c>.</summary>
    public string Format { get; }

    /// <summary>The bytes of an item.</summary>
    public int ItemSize { get; }

    /// <summary>Whether Python does not let them be written.</summary>
    public bool IsReadOnly { get; }

    /// <summary>The items, one row behind the other if there are several dimensions: Python's own memory. It is not to be used when the buffer or the interpreter was disposed; code of Python may change it at any time that it runs.</summary>
    /// <typeparam name="T">The type of the items, or <see cref="byte"/>.</typeparam>
    /// <exception cref="InvalidCastException">The items have another size than the type.</exception>
    /// <exception cref="ObjectDisposedException">The buffer was disposed.</exception>
    public ReadOnlySpan<T> AsSpan<T>()
        where T : unmanaged => Items<T>();

    /// <inheritdoc cref="AsSpan"/>
    /// <exception cref="InvalidOperationException">They can only be read.</exception>
    public Span<T> AsWritableSpan<T>()
        where T : unmanaged => IsReadOnly ? throw new InvalidOperationException("Python does not let the buffer be written.") : Items<T>();

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0 || _python.Ending.IsCancellationRequested)
            return;
        _python.Enter(() =>
        {
            _python.C.ReleaseBuffer(_view);
            _python.C.Free(_view);
            return 0;
        });
    }

    private Span<T> Items<T>()
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        var size = Marshal.SizeOf<T>();
        if (size != ItemSize && typeof(T) != typeof(byte))
            throw new InvalidCastException($"The items of the buffer have {ItemSize} bytes (format {Format}), and {typeof(T).Name} has {size}.");
        return MemoryMarshal.Cast<byte, T>(_python.Memory.GetSpan(_start, _length));
    }
}
