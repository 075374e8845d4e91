using System.Collections.Concurrent;

namespace Fermata.Samples.SqliteAsync;

/// <summary>Databases whose pages are in a store somewhere else. Their journals are in memory, and so are the locks: all who use a database have them from this one.</summary>
internal sealed class PageVfs(PageStore store) : ISqliteVfs
{
    private readonly ConcurrentDictionary<string, FileLocks> _locks = [];
    private readonly ConcurrentDictionary<string, MemoryFile> _files = [];

    public ValueTask<ISqliteFile> OpenAsync(string? name, OpenFlags flags, CancellationToken cancellationToken)
    {
        if (name is null)
            return new(new MemoryFile());
        if ((flags & OpenFlags.MainDatabase) == 0)
            return new(_files.GetOrAdd(name, _ => new MemoryFile()));
        return (flags & OpenFlags.Create) != 0 ? new(NewFile(name)) : OpenExistingAsync(name, cancellationToken);
    }

    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken)
    {
        _files.TryRemove(name, out _);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<bool> ExistsAsync(string name, CancellationToken cancellationToken) =>
        _files.ContainsKey(name) || await store.GetPageCountAsync(name, cancellationToken) > 0;

    private async ValueTask<ISqliteFile> OpenExistingAsync(string name, CancellationToken cancellationToken) =>
        await store.GetPageCountAsync(name, cancellationToken) > 0 ? NewFile(name) : throw new SqliteException(ResultCode.CantOpen, $"There is no database {name}.");

    private PageFile NewFile(string name) => new(store, name, _locks.GetOrAdd(name, _ => new FileLocks()));
}
