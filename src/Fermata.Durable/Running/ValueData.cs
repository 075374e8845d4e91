using System.Runtime.Intrinsics;

namespace Fermata.Durable;

/// <summary>Arguments and results as bytes: for each its kind, and its bits.</summary>
internal static class ValueData
{
    /// <exception cref="NotSupportedException">A value is a reference.</exception>
    public static byte[] Encode(ReadOnlySpan<Value> values)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        foreach (var value in values)
        {
            writer.Write((byte)value.Type.Kind);
            switch (value.Type.Kind)
            {
                case ValKind.I32:
                    writer.Write(value.AsI32());
                    break;
                case ValKind.I64:
                    writer.Write(value.AsI64());
                    break;
                case ValKind.F32:
                    writer.Write(value.AsF32());
                    break;
                case ValKind.F64:
                    writer.Write(value.AsF64());
                    break;
                case ValKind.V128:
                    writer.Write(value.AsV128().AsUInt64()[0]);
                    writer.Write(value.AsV128().AsUInt64()[1]);
                    break;
                default:
                    throw new NotSupportedException($"Arguments and results of durable calls are numbers and vectors; {value.Type} is a reference.");
            }
        }

        return bytes.ToArray();
    }

    public static Value[] Decode(byte[] data)
    {
        using var reader = new BinaryReader(new MemoryStream(data, writable: false));
        var values = new List<Value>();
        while (reader.BaseStream.Position < data.Length)
        {
            values.Add((ValKind)reader.ReadByte() switch
            {
                ValKind.I32 => Value.FromI32(reader.ReadInt32()),
                ValKind.I64 => Value.FromI64(reader.ReadInt64()),
                ValKind.F32 => Value.FromF32(reader.ReadSingle()),
                ValKind.F64 => Value.FromF64(reader.ReadDouble()),
                ValKind.V128 => Value.FromV128(Vector128.Create(reader.ReadUInt64(), reader.ReadUInt64()).AsByte()),
                var kind => throw new InvalidDataException($"A value is of kind {kind}."),
            });
        }

        return [.. values];
    }
}
