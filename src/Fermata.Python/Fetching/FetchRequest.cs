using System.Net;

namespace Fermata.Python.Fetching;

/// <summary>A request, which Python's code made up: what is in it that is no business of its own is refused.</summary>
internal sealed record FetchRequest
{
    /// <summary>Methods that ask for more than a resource.</summary>
    private static readonly HashSet<string> RefusedMethods = ["CONNECT", "TRACE", "TRACK"];

    /// <summary>Headers that say how a connection is used, and to whom it goes.</summary>
    private static readonly HashSet<string> RefusedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Via",
    };

    /// <summary>Headers that are for the origin to which they were sent first, and for no other.</summary>
    private static readonly HashSet<string> HeadersOfOrigin = new(StringComparer.OrdinalIgnoreCase) { "Authorization", "Cookie" };

    private FetchRequest(Uri uri, HttpMethod method, (string Name, string Value)[] headers, byte[]? body) => (Uri, Method, Headers, Body) = (uri, method, headers, body);

    public Uri Uri { get; private init; }

    public HttpMethod Method { get; private init; }

    private (string Name, string Value)[] Headers { get; init; }

    private byte[]? Body { get; init; }

    /// <param name="url">The URL.</param>
    /// <param name="method">The method, in any case.</param>
    /// <param name="headers">Names, each with its value.</param>
    /// <param name="body">The content; null for none.</param>
    /// <exception cref="FetchException">Something of it is refused.</exception>
    public static FetchRequest Create(string url, string method, string[][] headers, byte[]? body)
    {
        var verb = method.ToUpperInvariant();
        if (RefusedMethods.Contains(verb) || !IsToken(verb))
            throw FetchException.Invalid($"fetch has no method {method}.");
        return new FetchRequest(
            Require(Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri : null, url),
            new HttpMethod(verb),
            Array.ConvertAll(headers, static header => header is [var name, var value] ? (name, RequireHeader(name, value)) : throw FetchException.Invalid("A header has a name and a value.")),
            body);
    }

    /// <summary>The request by which a redirect goes on; null if the response is none.</summary>
    /// <exception cref="FetchException">It leads where no request goes.</exception>
    public FetchRequest? RedirectedBy(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || !response.Headers.TryGetValues("Location", out var locations) || locations.FirstOrDefault() is not { } location)
            return null;
        var target = Require(Uri.TryCreate(Uri, location, out var uri) ? uri : null, location);
        var isGet = response.StatusCode == HttpStatusCode.SeeOther
            ? Method != HttpMethod.Get && Method != HttpMethod.Head
            : Method == HttpMethod.Post && response.StatusCode is HttpStatusCode.Moved or HttpStatusCode.Found;
        var isSameOrigin = (target.Scheme, target.IdnHost, target.Port) == (Uri.Scheme, Uri.IdnHost, Uri.Port);
        return this with
        {
            Uri = target,
            Method = isGet ? HttpMethod.Get : Method,
            Body = isGet ? null : Body,
            Headers = [.. Headers.Where(header => (isSameOrigin || !HeadersOfOrigin.Contains(header.Name)) && (!isGet || !header.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)))],
        };
    }

    /// <exception cref="FetchException">A header cannot be sent.</exception>
    public HttpRequestMessage ToMessage()
    {
        var message = new HttpRequestMessage(Method, Uri) { Content = Body is null ? null : new ByteArrayContent(Body) };
        foreach (var (name, value) in Headers)
        {
            if (message.Headers.TryAddWithoutValidation(name, value))
                continue;
            // It describes the content, or it is none.
            message.Content ??= new ByteArrayContent([]);
            if (!message.Content.Headers.TryAddWithoutValidation(name, value))
                throw FetchException.Invalid($"There is no header {name}.");
        }

        return message;
    }

    /// <summary>A URL that requests go to.</summary>
    private static Uri Require(Uri? uri, string text) => uri switch
    {
        null => throw FetchException.Invalid($"{text} is no URL."),
        { UserInfo.Length: > 0 } => throw FetchException.Invalid("fetch takes no names and passwords in URLs."),
        _ when uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps => throw FetchException.Invalid($"fetch knows http and https, and not {uri.Scheme}."),
        _ => uri,
    };

    private static string RequireHeader(string name, string value) =>
        RefusedHeaders.Contains(name) || name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase) ? throw FetchException.Invalid($"The header {name} is not the code's to set.")
        : value.AsSpan().ContainsAny("\r\n\0") || value.AsSpan().ContainsAnyExceptInRange('\0', '\xFF') ? throw FetchException.Invalid($"The value of the header {name} cannot be sent.")
        : value;

    private static bool IsToken(string name) => name.Length > 0 && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter));
}
