namespace Fermata.Samples.WebServer;

/// <summary>The one thing that guests can reach: another server, which takes its time.</summary>
/// <param name="client">Asks that server; its base address is the place to ask.</param>
internal sealed class Upstream(HttpClient client)
{
    private const int LongestItem = 100;
    private const int LongestAnswer = 64 * 1024;

    /// <summary>Defines <c>upstream_get</c> of guest.c: it waits here, and its second step writes where the guest wants the answer, when the guest goes on.</summary>
    public void DefineIn(Linker linker) => linker.Define("upstream", "get", GetAsync, Write);

    private async Task<byte[]?> GetAsync(Caller caller, int item, int buffer, int length, CancellationToken cancellationToken)
    {
        // What a guest says is input from outside: the item is escaped, so that it stays a part of the query, and both lengths have bounds.
        var name = caller.Memory.ReadUtf8(item);
        if (name.Length > LongestItem)
            return null;
        var answer = new byte[Math.Clamp(length, 0, LongestAnswer)];
        try
        {
            using var response = await client.GetAsync($"?item={Uri.EscapeDataString(name)}", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            response.EnsureSuccessStatusCode();
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return answer[..await body.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, cancellationToken)];
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private static int Write(Caller caller, byte[]? answer, int item, int buffer, int length)
    {
        if (answer is null)
            return -1;
        answer.CopyTo(caller.Memory.GetSpan(buffer, answer.Length));
        return answer.Length;
    }
}
