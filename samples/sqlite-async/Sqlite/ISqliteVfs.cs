namespace Fermata.Samples.SqliteAsync;

/// <summary>Where SQLite has its files. Whatever waits here suspends the call of SQLite that needs it, and no thread. It may be that of several instances at once.</summary>
/// <remarks>What a method throws is an error of input or output to SQLite, unless it is a <see cref="SqliteException"/>, which says which error it is.</remarks>
internal interface ISqliteVfs
{
    /// <summary>Opens a file.</summary>
    /// <param name="name">Its name; null for one that nobody else sees, and that is gone when it is closed.</param>
    /// <param name="flags">What for.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="SqliteException">There is none, and it is not to be made: <see cref="ResultCode.CantOpen"/>.</exception>
    ValueTask<ISqliteFile> OpenAsync(string? name, OpenFlags flags, CancellationToken cancellationToken);

    /// <summary>Deletes a file, if there is one.</summary>
    ValueTask DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Whether there is a file.</summary>
    ValueTask<bool> ExistsAsync(string name, CancellationToken cancellationToken);
}
