using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>The types of a function's frames as bytes, in which a defined type is named by its index in the module: identities are others in each process.</summary>
internal static class FrameTypesData
{
    private const byte Nullable = 0x80;

    public static byte[] Encode(FrameTypes types, ModuleTypes module)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        Write(writer, types.Results, module);
        foreach (var site in types.Sites)
        {
            Write(writer, site.Results, module);
            Write(writer, site.References, module);
        }

        return bytes.ToArray();
    }

    public static FrameTypes Decode(byte[] bytes, ModuleTypes module)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes, writable: false));
        var results = Read(reader, module);
        var sites = new List<SiteTypes>();
        while (reader.BaseStream.Position < bytes.Length)
            sites.Add(new SiteTypes(Read(reader, module), Read(reader, module)));
        return new FrameTypes([.. sites], results);
    }

    private static void Write(BinaryWriter writer, ValType[] types, ModuleTypes module)
    {
        writer.Write7BitEncodedInt(types.Length);
        foreach (var type in types)
        {
            writer.Write((byte)((byte)type.Kind | (type.IsNullable ? Nullable : 0)));
            if (!type.IsRef)
                continue;
            var heap = type.Heap;
            writer.Write(heap.IsDefined);
            writer.Write7BitEncodedInt(heap.IsDefined ? Array.FindIndex(module.Types, defined => defined.Id == heap.Number) : -heap.Number);
        }
    }

    private static ValType[] Read(BinaryReader reader, ModuleTypes module)
    {
        var types = new ValType[reader.Read7BitEncodedInt()];
        for (var i = 0; i < types.Length; i++)
        {
            var kind = reader.ReadByte();
            types[i] = (ValKind)(kind & ~Nullable) switch
            {
                ValKind.I32 => ValType.I32,
                ValKind.I64 => ValType.I64,
                ValKind.F32 => ValType.F32,
                ValKind.F64 => ValType.F64,
                ValKind.V128 => ValType.V128,
                _ => ValType.Ref((kind & Nullable) != 0, ReadHeap(reader, module)),
            };
        }

        return types;
    }

    private static HeapType ReadHeap(BinaryReader reader, ModuleTypes module)
    {
        var isDefined = reader.ReadBoolean();
        var number = reader.Read7BitEncodedInt();
        return isDefined ? HeapType.Defined(module.Types[number].Id) : HeapType.FromCode(-number) ?? HeapType.Any;
    }
}
