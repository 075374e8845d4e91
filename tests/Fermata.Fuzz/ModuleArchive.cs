using System.Buffers.Binary;

namespace Fermata.Fuzz;

/// <summary>A file of modules, each after its length as 32 bits, little endian.</summary>
internal static class ModuleArchive
{
    public static IEnumerable<byte[]> Read(string path)
    {
        using var file = File.OpenRead(path);
        var length = new byte[4];
        while (file.ReadAtLeast(length, 4, throwOnEndOfStream: false) == 4)
        {
            var module = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
            // The last module may still be being written.
            if (file.ReadAtLeast(module, module.Length, throwOnEndOfStream: false) < module.Length)
                yield break;
            yield return module;
        }
    }
}
