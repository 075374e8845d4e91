namespace Fermata.Samples.SqliteAsync;

/// <summary>What SQLite's functions return (<c>SQLITE_…</c>), those that matter here.</summary>
internal enum ResultCode
{
    Ok = 0,
    Error = 1,
    Busy = 5,
    NoMemory = 7,
    ReadOnly = 8,
    Interrupt = 9,
    IoError = 10,
    NotFound = 12,
    CantOpen = 14,
    Constraint = 19,
    Row = 100,
    Done = 101,
    IoErrorRead = IoError | (1 << 8),
    IoErrorShortRead = IoError | (2 << 8),
    IoErrorWrite = IoError | (3 << 8),
    IoErrorSync = IoError | (4 << 8),
    IoErrorTruncate = IoError | (6 << 8),
    IoErrorLength = IoError | (7 << 8),
    IoErrorUnlock = IoError | (8 << 8),
    IoErrorDelete = IoError | (10 << 8),
    IoErrorAccess = IoError | (13 << 8),
    IoErrorReserved = IoError | (14 << 8),
    IoErrorLock = IoError | (15 << 8),
    IoErrorClose = IoError | (16 << 8),
}
