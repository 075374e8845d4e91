using System.Net;

namespace Fermata.Samples.WebServer;

/// <summary>Many requests at once.</summary>
internal static class Load
{
    /// <summary>Sends requests, all at once, each on a connection of its own, and waits for the answers.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Cancels those that have no answer.</param>
    /// <returns>How many had which status; 0 for those that had no whole answer.</returns>
    public static async Task<IReadOnlyDictionary<HttpStatusCode, int>> SendAsync(Uri address, int count, CancellationToken cancellationToken = default)
    {
        using var client = new HttpClient();
        var statuses = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => SendAsync(client, address, cancellationToken)));
        return statuses.CountBy(status => status).ToDictionary();
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient client, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await client.GetAsync(address, cancellationToken);
            return response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return 0;
        }
    }
}
