using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Fermata.Emscripten.DynamicLinking;

/// <summary>The libraries that instances of a program have loaded, compiled once, by their content with its glue.</summary>
internal sealed class CompiledLibraries
{
    /// <summary>Beyond these nothing is kept, as programs can load any number of libraries that they make themselves.</summary>
    private const int MostKept = 100;

    private readonly ConcurrentDictionary<string, Module> _modules = new(StringComparer.Ordinal);

    public Module Load(Engine engine, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexString(SHA256.HashData(bytes.Span));
        if (_modules.TryGetValue(key, out var known))
            return known;
        var module = Module.Load(engine, bytes, cancellationToken);
        return _modules.Count < MostKept ? _modules.GetOrAdd(key, module) : module;
    }
}
