using System.Text;

namespace Fermata.Python.AI;

/// <summary>What a model is told of <c>execute_code</c>.</summary>
internal static class ToolDescription
{
    /// <param name="tools">What the code may call.</param>
    /// <param name="options">Limits, and what is kept.</param>
    /// <param name="fetches">Whether it has <c>fetch</c>.</param>
    public static string Of(IReadOnlyCollection<Tool> tools, PythonSandboxOptions options, bool fetches)
    {
        var text = new StringBuilder("Runs Python 3.14 code in a sandbox, with the standard library, without network and processes. ");
        if (fetches)
            text.Append("Only `r = await fetch(url, method='GET', headers=None, body=None)`, a built-in function, sends requests of HTTP, to the hosts that it may; then there are r.status, r.ok, r.headers, r.text, r.bytes and r.json(). ");
        text.Append("The value of the last line, if that is an expression, is the result; what is printed is returned, too. Files are written to the working directory. ");
        text.Append(!options.KeepsState ? "Nothing is kept from one call to the next. "
            : options.KeepsVariables ? "Variables and files are kept from one call to the next. "
            : "Files are kept from one call to the next, and variables are not. ");
        text.Append($"Limits: {Seconds(options.MaxComputingTime)} of computing, {Seconds(options.MaxWaitingTime)} of waiting, {options.MaxMemoryBytes >> 20} MiB of memory.");
        if (tools.Count == 0)
            return text.ToString();
        text.Append("\nThe code may call these functions, without await and import; an exception is raised where one fails:");
        foreach (var tool in tools)
        {
            text.Append($"\n{tool.Name}({string.Join(", ", tool.Parameters.Select(SignatureOf))})");
            if (tool.Function.Description is { Length: > 0 } description)
                text.Append($": {description}");
            foreach (var parameter in tool.Parameters.Where(parameter => parameter.Description.Length > 0))
                text.Append($"\n    {parameter.Name}: {parameter.Description}");
        }

        return text.ToString();
    }

    private static string SignatureOf(ToolParameter parameter) => $"{parameter.Name}: {parameter.Type}{(parameter.IsRequired ? "" : " = ...")}";

    private static string Seconds(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? "any time" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalSeconds} s");
}
