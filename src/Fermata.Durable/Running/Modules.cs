using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Fermata.Durable;

/// <summary>The modules of the database; one that is needed is compiled once.</summary>
internal sealed class Modules(DurableHost host)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<Module>>> _loaded = new();

    /// <summary>Puts a module into the database, if it is not there.</summary>
    /// <exception cref="ModuleException">It is no valid module.</exception>
    public async Task<DurableModule> AddAsync(byte[] bytes, string name)
    {
        var hash = SHA256.HashData(bytes);
        await Load(hash, () => Task.FromResult(bytes)).ConfigureAwait(false);
        await host.Writer.RunAsync(session => session.ExecuteAsync(
            "INSERT INTO fermata_modules (hash, name, bytes) VALUES (@hash, @name, @bytes) ON CONFLICT (hash) DO NOTHING", ("hash", hash), ("name", name), ("bytes", bytes))).ConfigureAwait(false);
        return new DurableModule(hash, name);
    }

    /// <summary>The module with a hash.</summary>
    public Task<Module> GetAsync(byte[] hash) => Load(hash, async () =>
    {
        var rows = await host.ReadAsync(session => session.QueryAsync(
            "SELECT bytes FROM fermata_modules WHERE hash = @hash", static row => row.GetFieldValue<byte[]>(0), ("hash", hash))).ConfigureAwait(false);
        return rows is [var bytes] ? bytes : throw new KeyNotFoundException($"The database does not have the module with the SHA-256 {Convert.ToHexStringLower(hash)}.");
    });

    private async Task<Module> Load(byte[] hash, Func<Task<byte[]>> read)
    {
        var key = Convert.ToHexString(hash);
        var module = _loaded.GetOrAdd(key, _ => new Lazy<Task<Module>>(async () => Module.Load(host.Options.Engine, await read().ConfigureAwait(false))));
        try
        {
            return await module.Value.ConfigureAwait(false);
        }
        catch
        {
            _loaded.TryRemove(KeyValuePair.Create(key, module));
            throw;
        }
    }
}
