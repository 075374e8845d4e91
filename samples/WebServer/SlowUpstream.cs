using System.Globalization;
using System.Web;

namespace Fermata.Samples.WebServer;

/// <summary>A simulated server that knows the price of everything, after a while.</summary>
internal sealed class SlowUpstream(TimeSpan delay) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, cancellationToken);
        return new HttpResponseMessage { Content = new StringContent(PriceOf(request.RequestUri!)) };
    }

    private static string PriceOf(Uri request)
    {
        var item = HttpUtility.ParseQueryString(request.Query)["item"]!;
        return (item.Sum(character => character) % 1000 / 100.0).ToString("F2", CultureInfo.InvariantCulture);
    }
}
