namespace Fermata.Durable;

/// <summary>A store that this process has taken, with all that is needed to go on with it.</summary>
internal sealed record StoreRow(string Name, long Epoch, byte[] Module, bool IsKept, byte[]? Snapshot)
{
    public List<CallRow> Calls { get; } = [];

    public List<WaitRow> Waits { get; } = [];

    public Dictionary<PageName, byte[]> Pages { get; } = [];
}

/// <summary>A call.</summary>
internal sealed record CallRow(string Key, string Store, string Export, byte[] Arguments, DurableCallState State, bool IsCancelled, long? Deadline, byte[]? Results, string? Error, long Created, long Changed)
{
    /// <summary>Why a call has ended that was cancelled.</summary>
    public const string Cancelled = "It was cancelled.";

    public const string Columns = "key, store, export, arguments, state, is_cancelled, deadline, results, error, created, changed";

    /// <summary>The arguments of a program; null if it is a call of another function.</summary>
    public string[]? ProgramArguments => Durable.ProgramArguments.Decode(Arguments);

    /// <summary>The arguments of the function.</summary>
    public Value[] Values => ProgramArguments is null ? ValueData.Decode(Arguments) : [];

    public static CallRow Read(System.Data.Common.DbDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.GetFieldValue<byte[]>(3),
        (DurableCallState)row.GetInt64(4),
        row.GetInt64(5) != 0,
        row.NumberOrNull(6),
        row.BytesOrNull(7),
        row.TextOrNull(8),
        row.GetInt64(9),
        row.GetInt64(10));
}

/// <summary>A wait.</summary>
internal sealed record WaitRow(string Store, string Key, string Function, string Request, string? Event, long? Due, string? Result, string? Error)
{
    public const string Columns = "store, key, function, request, event, due, result, error";

    public bool IsAnswered => Result is not null || Error is not null;

    public static WaitRow Read(System.Data.Common.DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.TextOrNull(4), row.NumberOrNull(5), row.TextOrNull(6), row.TextOrNull(7));
}
