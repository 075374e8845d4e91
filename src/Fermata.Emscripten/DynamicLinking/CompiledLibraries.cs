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
        return Find(Convert.ToHexString(SHA256.HashData(bytes.Span)), () => Module.Load(engine, bytes, cancellationToken));
    }

    /// <summary>The same for a module that is made here, and depends on what the host defines.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="text">The module, in the text format.</param>
    public Module Parse(Engine engine, string text) => Find(text, () => Module.Load(engine, ModuleInfo.Parse(text).Bytes));

    private Module Find(string key, Func<Module> load)
    {
        if (_modules.TryGetValue(key, out var known))
            return known;
        var module = load();
        return _modules.Count < MostKept ? _modules.GetOrAdd(key, module) : module;
    }
}
