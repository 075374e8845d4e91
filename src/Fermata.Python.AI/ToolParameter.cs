using System.Text.Json;

namespace Fermata.Python.AI;

/// <summary>A parameter of a tool.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, in words of Python.</param>
/// <param name="Description">What it is for; empty if nothing is said.</param>
/// <param name="IsRequired">Whether it must be given.</param>
internal sealed record ToolParameter(string Name, string Type, string Description, bool IsRequired)
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        ["string"] = "str",
        ["integer"] = "int",
        ["number"] = "float",
        ["boolean"] = "bool",
        ["array"] = "list",
        ["object"] = "dict",
        ["null"] = "None",
    };

    public static ToolParameter Of(JsonProperty property, bool isRequired) => new(
        property.Name,
        TypeOf(property.Value),
        property.Value is { ValueKind: JsonValueKind.Object } schema && schema.TryGetProperty("description", out var description) ? description.ToString() : "",
        isRequired);

    private static string TypeOf(JsonElement schema) => schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("type", out var type) ? "object"
        : type.ValueKind == JsonValueKind.Array ? string.Join(" | ", type.EnumerateArray().Select(each => NameOf(each.ToString())))
        : NameOf(type.ToString());

    private static string NameOf(string type) => Types.GetValueOrDefault(type, "object");
}
