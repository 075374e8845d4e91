using System.Text.Json;

namespace Fermata.Durable;

/// <summary>The arguments of a program, in place of those of a function of WebAssembly.</summary>
internal static class ProgramArguments
{
    /// <summary>What no kind of a value is.</summary>
    private const byte Mark = 255;

    public static byte[] Encode(IEnumerable<string> arguments) => [Mark, .. JsonSerializer.SerializeToUtf8Bytes(arguments)];

    /// <summary>The arguments; null if they are those of a function.</summary>
    public static string[]? Decode(byte[] data) => data is [Mark, .. var arguments] ? JsonSerializer.Deserialize<string[]>(arguments) : null;
}
