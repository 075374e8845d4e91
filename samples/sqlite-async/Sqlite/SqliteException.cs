namespace Fermata.Samples.SqliteAsync;

/// <summary>What SQLite says went wrong.</summary>
internal sealed class SqliteException(ResultCode code, string message) : Exception(message)
{
    /// <summary>The extended result code.</summary>
    public ResultCode Code { get; } = code;
}
