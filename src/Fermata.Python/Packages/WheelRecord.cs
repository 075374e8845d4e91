using System.Security.Cryptography;
using System.Text;

namespace Fermata.Python.Packages;

/// <summary>The list of a wheel's files with their hashes, <c>RECORD</c>: lines of comma-separated values.</summary>
internal sealed class WheelRecord
{
    private readonly Dictionary<string, string> _hashes = [];

    /// <param name="content">The file.</param>
    public WheelRecord(byte[] content)
    {
        foreach (var line in Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var end = EndOfPath(line);
            var path = line[0] == '"' ? line[1..Math.Max(end - 1, 1)].Replace("\"\"", "\"", StringComparison.Ordinal) : line[..end];
            _hashes[path] = line[end..].Split(',') is [_, var hash, ..] ? hash : "";
        }
    }

    /// <summary>Whether a file is in the list, and is what it was when that was made.</summary>
    public bool Confirms(string path, byte[] content) => _hashes.TryGetValue(path, out var hash) && hash.Split('=', 2) is [var algorithm, var expected] && HashOf(algorithm, content) == expected;

    /// <summary>The hash in the spelling of the list; null for an algorithm that is not to be relied on.</summary>
    private static string? HashOf(string algorithm, byte[] content)
    {
        var hash = algorithm switch
        {
            "sha256" => SHA256.HashData(content),
            "sha384" => SHA384.HashData(content),
            "sha512" => SHA512.HashData(content),
            _ => null,
        };
        return hash is null ? null : System.Buffers.Text.Base64Url.EncodeToString(hash);
    }

    /// <summary>Where the first value ends; in quotation marks it may have commas, and two marks stand for one.</summary>
    private static int EndOfPath(string line)
    {
        var isQuoted = false;
        for (var index = 0; index < line.Length; index++)
        {
            if (line[index] == '"')
                isQuoted = !isQuoted;
            else if (line[index] == ',' && !isQuoted)
                return index;
        }

        return line.Length;
    }
}
