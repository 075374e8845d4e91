using System.Collections;
using System.Runtime.InteropServices;

namespace Fermata.Python.Views;

/// <summary>Arrays of numbers, above all of bytes, which Python copies from and to (<c>to_bytes</c>, <c>assign</c>).</summary>
internal sealed class BufferView : HostView
{
    /// <summary>The formats of Python's <c>struct</c>, by the types of items.</summary>
    public static IReadOnlyDictionary<Type, char> Formats { get; } = new Dictionary<Type, char>
    {
        [typeof(sbyte)] = 'b',
        [typeof(byte)] = 'B',
        [typeof(short)] = 'h',
        [typeof(ushort)] = 'H',
        [typeof(int)] = 'i',
        [typeof(uint)] = 'I',
        [typeof(long)] = 'q',
        [typeof(ulong)] = 'Q',
        [typeof(float)] = 'f',
        [typeof(double)] = 'd',
    };

    /// <summary>Whether an object is such an array.</summary>
    public static bool Takes(object value) => value is Array { Rank: 1 } array && Formats.ContainsKey(array.GetType().GetElementType()!);

    public override HostTraits TraitsOf(object value) => HostTraits.Buffer | HostTraits.TypedArray | HostTraits.Iterable | HostTraits.HasLength;

    public override string TypeNameOf(object value) => "buffer";

    public override string TextOf(object value) => $"<buffer of {LengthOf(value)} items of the host>";

    public override int LengthOf(object value) => ((Array)value).Length;

    public override IEnumerator IteratorOf(object value) => ((Array)value).GetEnumerator();

    public override bool TryGet(object value, string name, out object? result)
    {
        result = name is "length" ? LengthOf(value) : null;
        return result is not null;
    }

    /// <summary>The bytes of an array.</summary>
    public static Span<byte> BytesOf(object value)
    {
        var array = (Array)value;
        return MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), Buffer.ByteLength(array));
    }
}
