using System.Globalization;
using System.Net;

namespace Fermata.Samples.SqliteAsync;

/// <summary>A store of pages that answers by HTTP: <c>GET</c> and <c>PUT /name/page</c>, <c>GET /name</c> for how many there are, and <c>DELETE /name/page</c> for that one and those behind it.</summary>
internal sealed class PageStore(HttpClient client)
{
    public const int PageBytes = 4096;

    /// <summary>A page; null if there is none.</summary>
    public async Task<byte[]?> GetAsync(string name, long page, CancellationToken cancellationToken)
    {
        using var response = await client.GetAsync(PathOf(name, page), cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);
    }

    public async Task PutAsync(string name, long page, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(bytes);
        using var response = await client.PutAsync(PathOf(name, page), content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public async Task<long> GetPageCountAsync(string name, CancellationToken cancellationToken) =>
        long.Parse(await client.GetStringAsync(new Uri(Uri.EscapeDataString(name), UriKind.Relative), cancellationToken), CultureInfo.InvariantCulture);

    public async Task TruncateAsync(string name, long pages, CancellationToken cancellationToken)
    {
        using var response = await client.DeleteAsync(PathOf(name, pages), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static Uri PathOf(string name, long page) => new(string.Create(CultureInfo.InvariantCulture, $"{Uri.EscapeDataString(name)}/{page}"), UriKind.Relative);
}
