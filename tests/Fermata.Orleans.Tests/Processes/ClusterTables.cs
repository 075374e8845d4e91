namespace Fermata.Orleans.Tests.Processes;

/// <summary>The tables of Orleans' ADO.NET clustering for PostgreSQL, with the statements that it looks up by their keys.</summary>
internal static class ClusterTables
{
    private const string Mine = "DeploymentId = @DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation";

    private const string Columns =
        "v.DeploymentId, m.Address, m.Port, m.Generation, m.SiloName, m.HostName, m.Status, m.ProxyPort, m.SuspectTimes, m.StartTime, m.IAmAliveTime, v.Version";

    /// <summary>Succeeds if the version of the table is still that which was read.</summary>
    private const string NextVersion =
        "version AS (UPDATE OrleansMembershipVersionTable SET Version = Version + 1, Timestamp = now() WHERE DeploymentId = @DeploymentId AND Version = @Version RETURNING 1)";

    private static readonly (string Key, string Text)[] Queries =
    [
        ("UpdateIAmAlivetimeKey", $"UPDATE OrleansMembershipTable SET IAmAliveTime = @IAmAliveTime WHERE {Mine}"),
        ("InsertMembershipVersionKey", "WITH added AS (INSERT INTO OrleansMembershipVersionTable (DeploymentId) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1) SELECT COUNT(*)::integer FROM added"),
        ("InsertMembershipKey",
            $"""
            WITH {NextVersion}, added AS (
                INSERT INTO OrleansMembershipTable (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
                SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM version ON CONFLICT DO NOTHING RETURNING 1)
            SELECT COUNT(*)::integer FROM added
            """),
        ("UpdateMembershipKey",
            $"""
            WITH {NextVersion}, changed AS (
                UPDATE OrleansMembershipTable SET Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime WHERE {Mine} AND EXISTS (SELECT 1 FROM version) RETURNING 1)
            SELECT COUNT(*)::integer FROM changed
            """),
        ("MembershipReadRowKey",
            $"SELECT {Columns} FROM OrleansMembershipVersionTable v LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId AND Address = @Address AND Port = @Port AND Generation = @Generation WHERE v.DeploymentId = @DeploymentId"),
        ("MembershipReadAllKey", $"SELECT {Columns} FROM OrleansMembershipVersionTable v LEFT JOIN OrleansMembershipTable m ON m.DeploymentId = v.DeploymentId WHERE v.DeploymentId = @DeploymentId"),
        ("DeleteMembershipTableEntriesKey",
            "DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId; DELETE FROM OrleansMembershipVersionTable WHERE DeploymentId = @DeploymentId"),
        ("GatewaysQueryKey", "SELECT Address, ProxyPort, Generation FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND Status = @Status AND ProxyPort > 0"),
        ("CleanupDefunctSiloEntriesKey", "DELETE FROM OrleansMembershipTable WHERE DeploymentId = @DeploymentId AND IAmAliveTime < @IAmAliveTime AND Status <> 3"),
        ("CleanupDefunctSiloEntryKey", $"DELETE FROM OrleansMembershipTable WHERE {Mine} AND Status <> 3"),
    ];

    public static void Create(TestDatabase database)
    {
        database.Query(
            """
            CREATE TABLE OrleansQuery (QueryKey text PRIMARY KEY, QueryText text NOT NULL);
            CREATE TABLE OrleansMembershipVersionTable (DeploymentId text PRIMARY KEY, Timestamp timestamptz NOT NULL DEFAULT now(), Version integer NOT NULL DEFAULT 0);
            CREATE TABLE OrleansMembershipTable (
                DeploymentId text NOT NULL REFERENCES OrleansMembershipVersionTable, Address text NOT NULL, Port integer NOT NULL, Generation integer NOT NULL, SiloName text NOT NULL, HostName text NOT NULL,
                Status integer NOT NULL, ProxyPort integer, SuspectTimes text, StartTime timestamptz NOT NULL, IAmAliveTime timestamptz NOT NULL, PRIMARY KEY (DeploymentId, Address, Port, Generation));
            """);
        foreach (var (key, text) in Queries)
            database.Query($"INSERT INTO OrleansQuery VALUES ('{key}', '{text.Replace("'", "''", StringComparison.Ordinal)}')");
    }
}
