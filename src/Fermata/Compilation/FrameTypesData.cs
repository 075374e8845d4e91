using Fermata.Binary;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>
/// The types of a function's frames as bytes, in which types are as in modules (section 5.3 "Types"), defined ones by their indices: identities are others in each process.
/// </summary>
internal static class FrameTypesData
{
    public static byte[] Encode(FrameTypes types, ModuleTypes module)
    {
        var bytes = new ByteWriter();
        Write(types.Results);
        foreach (var site in types.Sites)
        {
            Write(site.Results);
            Write(site.References);
        }

        return bytes.Bytes.ToArray();

        void Write(ValType[] list) => bytes.WriteValTypes(Array.ConvertAll(list, IndexOf));
        ValType IndexOf(ValType type) => type.IsRef && type.Heap.IsDefined
            ? ValType.Ref(type.IsNullable, HeapType.Defined(Array.FindIndex(module.Types, defined => defined.Id == type.Heap.Number)))
            : type;
    }

    public static FrameTypes Decode(byte[] data, ModuleTypes module)
    {
        var bytes = new ByteReader(data, 0, data.Length);
        var results = Read(ref bytes, module);
        var sites = new List<SiteTypes>();
        while (!bytes.IsAtEnd)
            sites.Add(new SiteTypes(Read(ref bytes, module), Read(ref bytes, module)));
        return new FrameTypes([.. sites], results);
    }

    private static ValType[] Read(ref ByteReader bytes, ModuleTypes module) => Array.ConvertAll(TypeReader.ReadValTypes(ref bytes), module.Resolve);
}
