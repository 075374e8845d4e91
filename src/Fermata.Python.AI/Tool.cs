using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Fermata.Python.AI;

/// <summary>A tool as code sees it.</summary>
internal sealed class Tool
{
    public Tool(AIFunction function)
    {
        Function = function;
        Name = PythonNames.Of(function.Name);
        Parameters = ParametersOf(function.JsonSchema);
    }

    public AIFunction Function { get; }

    /// <summary>Its name in Python.</summary>
    public string Name { get; }

    /// <summary>Its parameters, those that must be given first, as Python has it.</summary>
    public IReadOnlyList<ToolParameter> Parameters { get; }

    /// <summary>Calls it.</summary>
    /// <param name="arguments">An object with the arguments, as JSON.</param>
    /// <param name="invocation">The call of <c>execute_code</c>, whose services the tool has, too.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>Its result, as JSON.</returns>
    public async Task<string> CallAsync(string arguments, AIFunctionArguments? invocation, CancellationToken cancellationToken)
    {
        var values = JsonElement.Parse(arguments).EnumerateObject().ToDictionary(argument => argument.Name, argument => (object?)argument.Value, StringComparer.Ordinal);
        var result = await Function.InvokeAsync(new AIFunctionArguments(values) { Services = invocation?.Services, Context = invocation?.Context }, cancellationToken).ConfigureAwait(false);
        return result switch
        {
            TextContent text => JsonSerializer.Serialize(text.Text),
            JsonElement element => element.GetRawText(),
            _ => JsonSerializer.Serialize(result, Function.JsonSerializerOptions.GetTypeInfo(result?.GetType() ?? typeof(object))),
        };
    }

    private static List<ToolParameter> ParametersOf(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
            return [];
        var required = schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? names.EnumerateArray().Select(name => name.ToString()).ToHashSet(StringComparer.Ordinal)
            : [];
        return [.. properties.EnumerateObject().Select(property => ToolParameter.Of(property, required.Contains(property.Name))).OrderByDescending(parameter => parameter.IsRequired)];
    }
}
