namespace Fermata.Python;

/// <summary>How much Python's <c>fetch</c> may do (<see cref="PythonHost.WithFetch"/>), in one interpreter.</summary>
public sealed record PythonFetchOptions
{
    /// <summary>The options that are used where none are given.</summary>
    public static PythonFetchOptions Default { get; } = new();

    /// <summary>How many bytes the content of a request may have, and how many that of a response, after it was decompressed. Default: 16 MiB.</summary>
    public int MaxBytes { get; init; } = 16 << 20;

    /// <summary>How many requests are on their way at once; further ones wait for these. Default: 8.</summary>
    public int MaxConcurrency { get; init; } = 8;

    /// <summary>How long a request may take, from when it is sent until its response was read, with all redirects. Default: 30 seconds; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What sends requests, such as a handler that adds a secret which Python is not to see, goes through a proxy, or answers in tests. It stays the host's. Then hosts are compared with the rules of the policy as
    /// URLs name them, and to which addresses names lead is the handler's matter. It must not follow redirects, which are looked at one by one. Default: null, for one of .NET, which
    /// connects to nothing but addresses that the policy allows, and has no proxy, no cookies and no credentials.
    /// </summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A limit is not above zero.</exception>
    /// <exception cref="ArgumentException">The handler follows redirects.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxBytes, nameof(MaxBytes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxConcurrency, nameof(MaxConcurrency));
        PythonSandboxOptions.ValidateTime(Timeout, nameof(Timeout));
        var handler = Handler;
        while (handler is DelegatingHandler { InnerHandler: { } inner })
            handler = inner;
        if (handler is SocketsHttpHandler { AllowAutoRedirect: true } or HttpClientHandler { AllowAutoRedirect: true })
            throw new ArgumentException("The handler follows redirects, wherever they lead. Set its AllowAutoRedirect to false: fetch follows them itself, where the policy allows it.", nameof(Handler));
    }
}
