using System.Formats.Tar;
using System.IO.Compression;

namespace Fermata.Emscripten.Tests;

/// <summary>Files in archives of packages.</summary>
internal static class Archive
{
    /// <summary>A file of a compressed tar archive.</summary>
    /// <param name="path">The path of the archive.</param>
    /// <param name="name">The name of the file, without a directory.</param>
    public static byte[] Unpack(string path, string name)
    {
        using var reader = new TarReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.GetNextEntry() is { } entry)
        {
            if (Path.GetFileName(entry.Name) != name)
                continue;
            var content = new byte[entry.Length];
            entry.DataStream!.ReadExactly(content);
            return content;
        }

        throw new FileNotFoundException(name);
    }
}
