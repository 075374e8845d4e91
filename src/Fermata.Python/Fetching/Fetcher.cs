using System.Net;
using System.Net.Sockets;
using System.Text;
using Fermata.Platform.Network;
using Fermata.Python.Interop;

namespace Fermata.Python.Fetching;

/// <summary>Sends requests of HTTP for an interpreter, where a policy allows it. What comes is bounded, and Python has it as soon as it is there, so that it counts as Python's memory.</summary>
internal sealed class Fetcher : IDisposable
{
    private const int MostRedirects = 20;

    private readonly Interpreter _python;
    private readonly HostDialer _dialer;
    private readonly PythonFetchOptions _options;
    private readonly HttpMessageInvoker _client;
    private readonly SemaphoreSlim _places;

    public Fetcher(Interpreter python, NetworkPolicy network, PythonFetchOptions options)
    {
        (_python, _dialer, _options, _places) = (python, new HostDialer(network), options, new SemaphoreSlim(options.MaxConcurrency));
        _client = new HttpMessageInvoker(options.Handler ?? NewHandler(), disposeHandler: options.Handler is null);
    }

    /// <summary>Sends a request.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="method">The method.</param>
    /// <param name="headers">Names, each with its value.</param>
    /// <param name="body">The content, bytes of Python; null for none.</param>
    /// <param name="succeed">A function of Python that takes the response.</param>
    /// <param name="fail">A function of Python that takes the type of an exception, and its message.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task SendAsync(string url, string method, string[][] headers, PythonObject? body, PythonObject succeed, PythonObject fail, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var content = body is null ? null : await _python.OnTurnAsync(() => BytesOf(body)).ConfigureAwait(false);
            var response = await FollowAsync(FetchRequest.Create(url, method, headers, content), cancellationToken).ConfigureAwait(false);
            await _python.OnTurnAsync(() => Tell(succeed, response.Status, response.StatusText, response.Url, response.Headers, response.Content)).ConfigureAwait(false);
        }
        catch (FetchException e)
        {
            await _python.OnTurnAsync(() => Tell(fail, e.Type, e.Message)).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _client.Dispose();

    private static int Tell(PythonObject function, params ReadOnlySpan<object?> arguments)
    {
        try
        {
            function.Call(arguments).Dispose();
            return 0;
        }
        catch (PythonException e) when (e.Type == PythonException.NoMemory)
        {
            throw new FetchException(e.Type, "There is no memory for the response.");
        }
    }

    private byte[] BytesOf(PythonObject body) =>
        body.Length <= _options.MaxBytes ? body.As<byte[]>() : throw FetchException.Invalid($"The content of the request is longer than {_options.MaxBytes} bytes.");

    private async Task<FetchResponse> FollowAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _python.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            for (var redirects = 0; redirects <= MostRedirects; redirects++)
            {
                // The handler of .NET asks when it connects.
                if (_options.Handler is not null && !_dialer.MayConnect(request.Uri.IdnHost, request.Uri.Port))
                    throw FetchException.Denied(request.Uri);
                using var message = request.ToMessage();
                using var response = await _client.SendAsync(message, either.Token).ConfigureAwait(false);
                if (request.RedirectedBy(response) is not { } next)
                    return await FetchResponse.ReadAsync(response, request.Uri, _options.MaxBytes, either.Token).ConfigureAwait(false);
                request = next;
            }

            throw FetchException.Failed($"There were more than {MostRedirects} redirects.");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw FetchException.TimedOut(_options.Timeout);
        }
        catch (HttpRequestException e)
        {
            throw e.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied } ? FetchException.Denied(request.Uri) : FetchException.Broken(request.Uri, e);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw FetchException.Broken(request.Uri, e);
        }
    }

    private SocketsHttpHandler NewHandler() => new()
    {
        ConnectCallback = async (context, token) =>
            new NetworkStream(await _dialer.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, token).ConfigureAwait(false), ownsSocket: true),
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        // What the host traces is nobody else's business.
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.All,
        MaxConnectionsPerServer = _options.MaxConcurrency,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    };
}
