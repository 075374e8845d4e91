using System.Data.Common;
using Fermata.Durable;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Fermata.Tests.Shared;

/// <summary>An empty database that goes with the test.</summary>
internal sealed class TestDatabase : IDisposable
{
    private readonly string? _schema;

    private TestDatabase(string name, string? schema) => (Name, _schema) = (name, schema);

    /// <summary>What there is to test with; that of PostgreSQL is started for that.</summary>
    public static TheoryData<string> Kinds => PostgreSqlServer.Folder is null ? ["SQLite"] : ["SQLite", "PostgreSQL"];

    /// <summary>The path of a file, or a connection string.</summary>
    public string Name { get; }

    public DurableDatabase Database => Of(Name);

    /// <summary>A database by its path, or by its connection string.</summary>
    public static DurableDatabase Of(string name) => name.Contains('=', StringComparison.Ordinal) ? DurableDatabase.PostgreSql(name) : DurableDatabase.Sqlite(name);

    public static TestDatabase Open(string kind)
    {
        if (kind == "SQLite")
            return new TestDatabase(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".db"), null);
        var schema = "test_" + Guid.NewGuid().ToString("N");
        PostgreSqlServer.Execute($"CREATE SCHEMA {schema}");
        return new TestDatabase($"{PostgreSqlServer.ConnectionString};Search Path={schema}", schema);
    }

    /// <summary>What a statement gives in a column.</summary>
    public List<object> Query(string sql, int column = 0)
    {
        using DbConnection connection = _schema is null ? new SqliteConnection($"Data Source={Name};Default Timeout=300") : new NpgsqlConnection(Name);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<object>();
        while (reader.Read())
            values.Add(reader.GetValue(column));
        return values;
    }

    public void Dispose()
    {
        if (_schema is not null)
        {
            PostgreSqlServer.Execute($"DROP SCHEMA {_schema} CASCADE");
            return;
        }

        SqliteConnection.ClearAllPools();
        foreach (var suffix in (string[])["", "-wal", "-shm"])
            File.Delete(Name + suffix);
    }
}
