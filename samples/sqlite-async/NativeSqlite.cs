using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Fermata.Samples.SqliteAsync;

/// <summary>SQLite as native code, to compare with.</summary>
internal sealed class NativeSqlite : IDisposable
{
    private readonly Microsoft.Data.Sqlite.SqliteConnection _connection;

    /// <summary>Opens a database.</summary>
    /// <param name="path">Its path; one in memory if nothing is said.</param>
    public NativeSqlite(string path = ":memory:")
    {
        _connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={path};Pooling=False");
        _connection.Open();
    }

    /// <summary>The rows of a statement whose parameters are ?1, ?2, …</summary>
    public IReadOnlyList<object?[]> Execute(string sql, params object?[] parameters)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The statements are those of this sample.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (index, value) in parameters.Index())
            command.Parameters.Add(new SqliteParameter(string.Create(CultureInfo.InvariantCulture, $"?{index + 1}"), value));
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column) is var value && value is DBNull ? null : value)]);
        return rows;
    }

    public void Dispose() => _connection.Dispose();
}
