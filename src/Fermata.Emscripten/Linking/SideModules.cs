using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Fermata.Emscripten.Linking;

/// <summary>The side modules that instances of a program have loaded, each compiled once, by their content.</summary>
/// <param name="main">The program.</param>
internal sealed class SideModules(Module main)
{
    private readonly ConcurrentDictionary<string, Lazy<SideModule>> _loaded = [];

    /// <inheritdoc cref="SideModule.Load"/>
    public SideModule Load(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(SHA256.HashData(bytes.Span));
        try
        {
            return _loaded.GetOrAdd(key, _ => new Lazy<SideModule>(() => SideModule.Load(main, bytes, cancellationToken))).Value;
        }
        catch
        {
            _loaded.TryRemove(key, out _);
            throw;
        }
    }
}
