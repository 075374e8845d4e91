namespace Fermata.Emscripten.Tests;

/// <summary>What PHP is asked for.</summary>
/// <param name="Script">The path of the script.</param>
internal sealed record PhpRequest(string Script)
{
    public string Method { get; init; } = "GET";

    /// <summary>The query, behind the question mark.</summary>
    public string Query { get; init; } = "";

    /// <summary>The cookies, as the header has them.</summary>
    public string Cookies { get; init; } = "";

    public string ContentType { get; init; } = "";

    public string Body { get; init; } = "";

    /// <summary>More entries of <c>$_SERVER</c>, such as headers: <c>HTTP_ACCEPT</c>.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();
}
