using System.Text.Json;

namespace Fermata.Python.Sandboxing;

/// <summary>What <see cref="RunScript"/> reports.</summary>
/// <param name="Text">The value's <c>repr</c>.</param>
/// <param name="Value">The value, as JSON.</param>
/// <param name="Error">The exception that ended the code.</param>
internal sealed record RunReport(string? Text, string? Value, RunReport.Failure? Error)
{
    /// <exception cref="JsonException">The code has changed what reports.</exception>
    public static RunReport Parse(string json) => JsonSerializer.Deserialize<RunReport>(json, JsonSerializerOptions.Web) ?? throw new JsonException("The report is empty.");

    /// <summary>The value; null if there is none, or it is deeper than .NET reads.</summary>
    public JsonElement? ReadValue()
    {
        try
        {
            return Value is null ? null : JsonElement.Parse(Value);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public sealed record Failure(string Type, string Message, string Traceback, int? Line, bool IsSyntax, bool IsRaised = false)
    {
        public PythonErrorKind Kind => IsSyntax ? PythonErrorKind.Syntax : Type == PythonException.NoMemory && !IsRaised ? PythonErrorKind.Memory : PythonErrorKind.Exception;
    }
}
