using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Fermata.Runtime;

/// <summary>
/// Writes references: what they refer to is written where it comes first, structures, arrays and exceptions without what lies in them, which follows when all
/// else has been written (<see cref="WriteContents"/>). So whoever reads has an object for each reference, whatever the cycles.
/// </summary>
/// <param name="output">Where to.</param>
/// <param name="names">The numbers of things.</param>
/// <param name="codecs">What makes bytes of objects of the host.</param>
internal sealed class ReferenceWriter(SnapshotOutput output, SnapshotNames names, IReadOnlyList<ReferenceCodec> codecs)
{
    private readonly Dictionary<object, int> _known = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<(object Value, Place Place)> _open = new();

    /// <summary>Writes a reference.</summary>
    /// <param name="value">The reference.</param>
    /// <param name="place">Where it is.</param>
    /// <exception cref="NotSupportedException">A snapshot cannot have it.</exception>
    public void Write(object? value, Place place)
    {
        switch (value)
        {
            case null:
                Kind(ReferenceKind.Null);
                break;
            case I31 integer:
                Kind(ReferenceKind.I31);
                output.Signed(integer.Signed);
                break;
            case Function function:
                WriteFunction(function, place);
                break;
            default:
                WriteObject(value, place);
                break;
        }
    }

    /// <summary>Writes references one after the other.</summary>
    public void Write(ReadOnlySpan<object?> values, string kind, Place place)
    {
        for (var i = 0; i < values.Length; i++)
            Write(values[i], values[i] is null ? place : place.Part(kind, i));
    }

    /// <summary>Writes a function as one of an instance, which has it or imports it.</summary>
    public void WriteFunction(Function function, Place place)
    {
        var (instance, index) = function.Environment is HostFunction host ? (host.Instance, host.Index) : (function.Instance, function.Index);
        if (instance is null)
            throw new NotSupportedException($"A snapshot cannot have {place}: {function.PrintableName} is a function of the host that no instance imports.");
        Kind(ReferenceKind.Function);
        output.Number(names.Of(instance, place));
        output.Number(index);
    }

    /// <summary>Writes what lies in structures, arrays and exceptions, in the order in which they came; it may be that others come.</summary>
    public void WriteContents()
    {
        while (_open.TryDequeue(out var open))
        {
            if (open.Value is WasmException exception)
            {
                output.Numbers(exception.Numbers);
                Write(exception.References, "value", open.Place);
            }
            else if (AggregateClass.Find(open.Value) is StructClass structure)
            {
                WriteFields(open.Value, structure, open.Place);
            }
            else
            {
                WriteElements((Array)open.Value, (ArrayClass)AggregateClass.Find(open.Value)!, open.Place);
            }
        }

        output.Number(SnapshotFormat.EndMark);
    }

    private void Kind(ReferenceKind kind) => output.Byte((byte)kind);

    private void WriteObject(object value, Place place)
    {
        if (_known.TryGetValue(value, out var number))
        {
            Kind(ReferenceKind.Known);
            output.Number(number);
            return;
        }

        if (value is WasmException exception)
        {
            if (names.Tags.Find(exception.Tag) is not { } tag)
                throw new NotSupportedException($"A snapshot cannot have {place}: an exception with a tag that no instance has.");
            Kind(ReferenceKind.Exception);
            output.Number(tag);
            _open.Enqueue((value, place));
        }
        else if (AggregateClass.Find(value) is { } aggregate)
        {
            var (module, type) = names.Of(aggregate.Definition, place);
            Kind(aggregate is StructClass ? ReferenceKind.Struct : ReferenceKind.Array);
            output.Number(module);
            output.Number(type);
            if (value is Array array)
                output.Number(array.Length);
            _open.Enqueue((value, place));
        }
        else
        {
            WriteExternal(value, place);
        }

        _known.Add(value, _known.Count);
    }

    private void WriteExternal(object value, Place place)
    {
        foreach (var codec in codecs)
        {
            if (!codec.TryWrite(value, out var data))
                continue;
            Kind(ReferenceKind.External);
            output.Text(codec.Name);
            output.Data(data);
            return;
        }

        throw new NotSupportedException($"A snapshot cannot have {place}: an object of {value.GetType()}, for which there is no codec (SnapshotOptions.Codecs).");
    }

    private void WriteFields(object structure, StructClass type, Place place)
    {
        for (var i = 0; i < type.Fields.Length; i++)
        {
            var value = type.Fields[i].GetValue(structure);
            if (type.FieldTypes[i].Unpacked.IsRef)
                Write(value, place.Part("field", i));
            else
                WriteNumber(value!);
        }
    }

    private void WriteNumber(object value)
    {
        switch (value)
        {
            case Vector128<byte> vector:
                output.Number(vector.AsUInt64()[0]);
                output.Number(vector.AsUInt64()[1]);
                break;
            case float single:
                output.Number(BitConverter.SingleToUInt32Bits(single));
                break;
            case double number:
                output.Number(BitConverter.DoubleToUInt64Bits(number));
                break;
            default:
                output.Signed(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }

    private void WriteElements(Array array, ArrayClass type, Place place)
    {
        if (type.Element.Unpacked.IsRef)
            Write(ArrayContents.References(array), "element", place);
        else
            output.Bytes(ArrayContents.Bytes(array, type));
    }
}

/// <summary>What lies in an array object of WebAssembly (<see cref="ArrayClass"/>).</summary>
internal static class ArrayContents
{
    public static Span<object?> References(Array array) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, object?>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    /// <exception cref="OverflowException">They are more than 2 GiB.</exception>
    public static Span<byte> Bytes(Array array, ArrayClass type) =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), checked(array.Length * type.ElementSize));
}
