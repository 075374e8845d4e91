using System.Data.Common;

namespace Fermata.Durable;

/// <summary>Where durable calls are: a file of SQLite for the processes of one machine, or a database of PostgreSQL for those of many.</summary>
public abstract class DurableDatabase
{
    private protected DurableDatabase()
    {
    }

    /// <summary>What it is called in messages.</summary>
    public abstract string Name { get; }

    /// <summary>How rows are picked that no other process is about to pick; empty where one writes at a time.</summary>
    internal abstract string LockOfPicked { get; }

    /// <summary>A file of SQLite, which is made if it is not there. Every commit is on the disk before anything goes on.</summary>
    /// <param name="path">The path.</param>
    public static DurableDatabase Sqlite(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new SqliteDatabase(path);
    }

    /// <summary>A database of PostgreSQL, of version 15 or later. The tables, whose names begin with <c>fermata_</c>, are made if they are not there.</summary>
    /// <param name="connectionString">The connection string, as Npgsql has it. Unless it has <c>Max Auto Prepare</c>, statements are prepared, which poolers between may not allow: then it is 0.</param>
    public static DurableDatabase PostgreSql(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        return new PostgreSqlDatabase(connectionString);
    }

    /// <summary>Opens a connection, from the pool of its kind.</summary>
    internal abstract Task<DbConnection> OpenAsync();

    /// <summary>Begins a transaction that writes.</summary>
    internal abstract Task<DbTransaction> BeginAsync(DbConnection connection);

    /// <summary>Commits a transaction that writes. Where that fails it may have been committed all the same.</summary>
    internal virtual Task CommitAsync(DbTransaction transaction) => transaction.CommitAsync();

    /// <summary>Begins a transaction that reads, and sees all as it was at one moment.</summary>
    internal abstract Task<DbTransaction> BeginReadAsync(DbConnection connection);

    /// <summary>Keeps other processes from making the tables at the same time, until the transaction ends.</summary>
    internal abstract string LockOfSchema { get; }
}
