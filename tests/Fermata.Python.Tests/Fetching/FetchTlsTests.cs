using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fermata.Python.Tests.Fetching;

/// <summary>Python's <c>fetch</c> over TLS: who the server is counts by the name in the URL, though it is an address that is connected to.</summary>
public sealed class FetchTlsTests
{
    private static readonly X509Certificate2 Authority = NewAuthority();

    [NpmFact]
    public async Task AServerThatNobodyTrustsGetsNoRequest()
    {
        using var certificate = NewCertificate("site.example");
        using var site = new Site(_ => Site.Response("reached")) { Certificate = certificate };
        await using var python = await StartAsync(site);
        var exception = await Assert.ThrowsAsync<PythonException>(() => python.RunAsync("await fetch('https://site.example/', headers={'Authorization': 'secret'})"));
        Assert.StartsWith("ConnectionError: The request to site.example:443 failed: ", exception.Message, StringComparison.Ordinal);
        Assert.Equal("site.example", Assert.Single(site.Names));
        Assert.Equal(Site.Address, Assert.Single(site.Connections).Address);
        Assert.Empty(site.Requests);
    }

    [NpmFact]
    public async Task AServerIsWhoItsCertificateSays()
    {
        using var certificate = NewCertificate("site.example");
        using var site = new Site(_ => Site.Response("reached")) { Certificate = certificate };
        using var handler = NewTrustingHandler(site);
        await using var python = await StartAsync(site, new PythonFetchOptions { Handler = handler });
        Assert.Equal("200 reached https://site.example/a", await python.EvaluateAsync<string>("""
            r = await fetch('https://site.example/a')
            f'{r.status} {r.text} {r.url}'
            """));

        var exception = await Assert.ThrowsAsync<PythonException>(() => python.RunAsync("await fetch('https://other.example/')"));
        Assert.StartsWith("ConnectionError: The request to other.example:443 failed: ", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["site.example", "other.example"], site.Names);
        Assert.Single(site.Requests);
    }

    [NpmFact]
    public async Task PlainTextIsNoTls()
    {
        using var certificate = NewCertificate("site.example");
        using var site = new Site(_ => Site.Response("reached")) { Certificate = certificate };
        await using var python = await StartAsync(site);
        var exception = await Assert.ThrowsAsync<PythonException>(() => python.RunAsync("await fetch('http://site.example/')"));
        Assert.StartsWith("ConnectionError: The request to site.example:80 failed: ", exception.Message, StringComparison.Ordinal);
        Assert.Empty(site.Requests);
    }

    private static async Task<PythonRuntime> StartAsync(Site site, PythonFetchOptions? options = null)
    {
        var policy = site.NewPolicy().AllowConnect("site.example", 443).AllowConnect("site.example", 80).AllowConnect("other.example", 443);
        var python = await Interpreters.StartAsync(new PythonHost().WithFetch(policy, options));
        python.Run("from host import fetch");
        return python;
    }

    /// <summary>Trusts the tests' authority, and connects to the site.</summary>
    private static SocketsHttpHandler NewTrustingHandler(Site site)
    {
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        chain.CustomTrustStore.Add(Authority);
        return new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = chain },
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync("127.0.0.1", site.Port, token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
    }

    private static X509Certificate2 NewAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
    }

    private static X509Certificate2 NewCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(Authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var withKey = certificate.CopyWithPrivateKey(key);

        // On Windows TLS takes no key that is in memory alone.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
