using Fermata.Platform;

namespace Fermata.Samples.WebServer;

/// <summary>What a program prints, on its way to the client at once. The first byte starts the response; until then it can have any status.</summary>
internal sealed class ResponseText(HttpResponse response) : OutputStream
{
    public override async ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        if (!response.HasStarted)
            response.ContentType = "text/plain; charset=utf-8";
        await response.Body.WriteAsync(bytes, cancellationToken);
        return Errno.None;
    }
}
