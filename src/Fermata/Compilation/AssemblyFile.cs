using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Fermata.Compilation;

/// <summary>Writes an assembly with its resources.</summary>
internal static class AssemblyFile
{
    /// <param name="output">Where to.</param>
    /// <param name="assembly">The assembly. All its types are made.</param>
    /// <param name="resources">Names and contents of its resources, asked for when metadata tokens are known.</param>
    public static void Write(Stream output, PersistedAssemblyBuilder assembly, Func<IEnumerable<(string Name, byte[] Content)>> resources)
    {
        var metadata = assembly.GenerateMetadata(out var code, out var fields);
        var contents = new BlobBuilder();
        foreach (var (name, content) in resources())
            AddResource(metadata, contents, name, content);
        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), code, fields, contents).Serialize(image);
        image.WriteContentTo(output);
    }

    /// <summary>A resource (ECMA-335, section II.24.2.4) is its length and its bytes.</summary>
    private static void AddResource(MetadataBuilder metadata, BlobBuilder contents, string name, byte[] content)
    {
        const int Alignment = 8;
        metadata.AddManifestResource(ManifestResourceAttributes.Public, metadata.GetOrAddString(name), default, (uint)contents.Count);
        contents.WriteInt32(content.Length);
        contents.WriteBytes(content);
        contents.Align(Alignment);
    }
}
