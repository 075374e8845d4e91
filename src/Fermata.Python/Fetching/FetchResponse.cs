namespace Fermata.Python.Fetching;

/// <summary>A response, with its whole content.</summary>
/// <param name="Status">The code of its status.</param>
/// <param name="StatusText">What the server says of it.</param>
/// <param name="Url">Where it comes from, after all redirects.</param>
/// <param name="Headers">Names, each with its value.</param>
/// <param name="Content">The content, decompressed.</param>
internal sealed record FetchResponse(int Status, string StatusText, string Url, List<List<string>> Headers, byte[] Content)
{
    private const int PieceBytes = 64 << 10;

    /// <summary>Reads it.</summary>
    /// <exception cref="FetchException">There is more than there may be.</exception>
    public static async Task<FetchResponse> ReadAsync(HttpResponseMessage response, Uri uri, int mostBytes, CancellationToken cancellationToken)
    {
        var headers = response.Headers.Concat(response.Content.Headers).SelectMany(static header => header.Value, static (header, value) => (List<string>)[header.Key, value]);
        var content = await ReadAsync(response.Content, mostBytes, cancellationToken).ConfigureAwait(false);
        return new FetchResponse((int)response.StatusCode, response.ReasonPhrase ?? "", uri.GetLeftPart(UriPartial.Query), [.. headers], content);
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, int mostBytes, CancellationToken cancellationToken)
    {
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var bytes = new MemoryStream();
            var piece = new byte[PieceBytes];
            while (await stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                if (bytes.Length + read > mostBytes)
                    throw FetchException.Failed($"The response is longer than {mostBytes} bytes.");
                bytes.Write(piece, 0, read);
            }

            return bytes.ToArray();
        }
    }
}
