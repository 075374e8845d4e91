using System.Text.Json;

namespace Fermata.Python;

/// <summary>What came of code in a <see cref="PythonSandbox"/>.</summary>
public sealed record PythonResult
{
    /// <summary>Why the code did not run to its end; null if it did, also by <c>sys.exit()</c>.</summary>
    public PythonError? Error { get; init; }

    /// <summary>
    /// Python's <c>repr</c> of the last line, if that is an expression whose value is not None; null otherwise. What has more characters than
    /// <see cref="PythonSandboxOptions.MaxOutputBytes"/> is cut, and ends with <c>…</c>.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>
    /// The same value as JSON: numbers, text, <c>bool</c>, and lists, tuples and dictionaries of such. Null if there is none, if it is none of these, or longer than
    /// <see cref="PythonSandboxOptions.MaxOutputBytes"/>.
    /// </summary>
    public JsonElement? Value { get; init; }

    /// <summary>What was written to standard output, up to <see cref="PythonSandboxOptions.MaxOutputBytes"/>.</summary>
    public string Output { get; init; } = "";

    /// <summary>What was written to standard error, up to <see cref="PythonSandboxOptions.MaxOutputBytes"/>.</summary>
    public string ErrorOutput { get; init; } = "";

    /// <summary>The files in the working folder that the code made or changed, by their paths.</summary>
    public IReadOnlyList<PythonFile> Files { get; init; } = [];

    /// <summary>Whether the code ran in an interpreter that nothing had run in: variables of earlier calls were not there.</summary>
    public bool IsFirstOfInterpreter { get; init; }

    /// <summary>How long it computed.</summary>
    public TimeSpan ComputingTime { get; init; }

    /// <summary>How long it waited.</summary>
    public TimeSpan WaitingTime { get; init; }
}
