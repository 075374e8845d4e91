namespace Fermata.Python.Fetching;

/// <summary>Why a request failed, as an exception of Python.</summary>
/// <param name="type">The built-in type of Python.</param>
/// <param name="message">Its message.</param>
internal sealed class FetchException(string type, string message) : Exception(message)
{
    public string Type => type;

    public static FetchException Invalid(string message) => new("ValueError", message);

    public static FetchException Denied(Uri uri) => new("PermissionError", $"fetch may not connect to {uri.Host}:{uri.Port}.");

    public static FetchException TimedOut(TimeSpan limit) => new("TimeoutError", $"The request took longer than {limit.TotalSeconds} s.");

    public static FetchException Broken(Uri uri, Exception cause) => new("ConnectionError", $"The request to {uri.Host}:{uri.Port} failed: {cause.Message}");

    public static FetchException Failed(string message) => new("OSError", message);
}
