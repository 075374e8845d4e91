namespace Fermata.Samples.SqliteAsync;

/// <summary>What a file or database is opened for (<c>SQLITE_OPEN_…</c>).</summary>
[Flags]
internal enum OpenFlags
{
    ReadOnly = 0x1,
    ReadWrite = 0x2,
    Create = 0x4,
    DeleteOnClose = 0x8,
    MainDatabase = 0x100,
    MainJournal = 0x800,
}
