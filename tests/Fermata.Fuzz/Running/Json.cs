using System.Text.Json;

namespace Fermata.Fuzz.Running;

/// <summary>How plans are written: as JavaScript names things.</summary>
internal static class Json
{
    public static JsonSerializerOptions Options { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
}
