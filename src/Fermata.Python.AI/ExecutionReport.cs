using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fermata.Python.AI;

/// <summary>What a model is told of a call: what there is, and nothing that is not.</summary>
internal static class ExecutionReport
{
    /// <param name="result">What came of it.</param>
    /// <param name="hasLostState">Whether variables that the model counts on are gone.</param>
    public static JsonElement Of(PythonResult result, bool hasLostState)
    {
        var report = new JsonObject();
        Add("result", result.Text);
        Add("output", result.Output);
        Add("error_output", result.ErrorOutput);
        if (result.Files.Count > 0)
            report["files"] = new JsonArray([.. result.Files.Select(file => new JsonObject { ["path"] = file.Path, ["bytes"] = file.Content.Length })]);
        if (result.Error is { } error)
            report["error"] = Of(error);
        if (hasLostState)
            report["note"] = "The interpreter had been ended, and was started anew for this call: variables of earlier calls are gone.";
        return JsonSerializer.SerializeToElement(report);

        void Add(string name, string? text)
        {
            if (!string.IsNullOrEmpty(text))
                report[name] = text;
        }
    }

    private static JsonObject Of(PythonError error)
    {
        var report = new JsonObject { ["kind"] = KindOf(error.Kind), ["message"] = error.Message };
        if (error.Type is not null)
            report["type"] = error.Type;
        if (error.Line is { } line)
            report["line"] = line;
        if (error.Traceback.Length > 0)
            report["traceback"] = error.Traceback;
        return report;
    }

    private static string KindOf(PythonErrorKind kind) => kind switch
    {
        PythonErrorKind.Syntax => "syntax error",
        PythonErrorKind.Exception => "exception",
        PythonErrorKind.ComputingTime => "limit of computing time",
        PythonErrorKind.WaitingTime => "limit of waiting time",
        PythonErrorKind.Memory => "limit of memory",
        PythonErrorKind.Output => "limit of output",
        _ => "end of the interpreter",
    };
}
