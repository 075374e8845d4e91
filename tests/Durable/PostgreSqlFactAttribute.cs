namespace Fermata.Tests.Shared;

/// <summary>A test that needs PostgreSQL on the machine; without it the test is skipped.</summary>
internal sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute() => Skip = PostgreSqlServer.Folder is null ? "PostgreSQL is not on this machine (initdb and postgres, as Debian's package postgresql-15 has them)." : null;
}
