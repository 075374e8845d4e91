using System.Data.Common;

namespace Fermata.Durable.Tests;

/// <summary>A database that does what another one does, but for what a test overrides.</summary>
/// <param name="database">The other one.</param>
internal abstract class WrappedDatabase(DurableDatabase database) : DurableDatabase
{
    public override string Name => database.Name;

    internal override string LockOfPicked => database.LockOfPicked;

    internal override string LockOfSchema => database.LockOfSchema;

    internal override Task<DbConnection> OpenAsync() => database.OpenAsync();

    internal override Task<DbTransaction> BeginAsync(DbConnection connection) => database.BeginAsync(connection);

    internal override Task CommitAsync(DbTransaction transaction) => database.CommitAsync(transaction);

    internal override Task<DbTransaction> BeginReadAsync(DbConnection connection) => database.BeginReadAsync(connection);
}
