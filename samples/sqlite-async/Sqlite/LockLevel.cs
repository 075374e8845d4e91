namespace Fermata.Samples.SqliteAsync;

/// <summary>SQLite's locks, from the lowest to the highest (<c>SQLITE_LOCK_…</c>).</summary>
internal enum LockLevel
{
    None = 0,

    /// <summary>Reads, as others may.</summary>
    Shared = 1,

    /// <summary>Is going to write; others may still begin to read.</summary>
    Reserved = 2,

    /// <summary>Waits until those who read have finished; nobody may begin to.</summary>
    Pending = 3,

    /// <summary>Writes, alone.</summary>
    Exclusive = 4,
}
