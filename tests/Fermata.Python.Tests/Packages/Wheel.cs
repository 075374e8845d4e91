using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Fermata.Python.Tests.Packages;

/// <summary>A wheel that a test writes.</summary>
/// <param name="Name">The name of its file.</param>
internal sealed record Wheel(string Name)
{
    private readonly List<(string Path, byte[] Content, int Attributes)> _entries = [];

    /// <summary>Its folder of metadata.</summary>
    public string Info { get; init; } = string.Join('-', Name.Split('-')[..2]) + ".dist-info";

    /// <summary>What its list of files is made into before it is written; by itself the list is right.</summary>
    public Func<string, string?> Record { get; init; } = record => record;

    public Wheel With(string path, string content) => With(path, Encoding.UTF8.GetBytes(content));

    public Wheel With(string path, byte[] content, int attributes = 0)
    {
        _entries.Add((path, content, attributes));
        return this;
    }

    /// <summary>Writes it, with metadata.</summary>
    /// <returns>Its path.</returns>
    public string WriteTo(string folder)
    {
        var names = Name.Split('-');
        With($"{Info}/METADATA", $"Metadata-Version: 2.1\nName: {names[0]}\nVersion: {names[1]}\nSummary: Of a test\n");
        With($"{Info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n");
        var record = string.Concat(_entries.Select(entry => $"{Quoted(entry.Path)},sha256={Base64Url.EncodeToString(SHA256.HashData(entry.Content))},{entry.Content.Length}\n"));
        if (Record($"{record}{Info}/RECORD,,\n") is { } list)
            With($"{Info}/RECORD", list);
        var path = Path.Combine(folder, Name);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, content, attributes) in _entries)
        {
            var entry = archive.CreateEntry(name);
            entry.ExternalAttributes = attributes << 16;
            using var stream = entry.Open();
            stream.Write(content);
        }

        return path;
    }

    private static string Quoted(string path) => path.AsSpan().ContainsAny(",\"") ? $"\"{path.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : path;
}
