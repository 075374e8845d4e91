using System.Diagnostics;
using Npgsql;

namespace Fermata.Tests.Shared;

/// <summary>A server of PostgreSQL on a socket of its own folder, which ends with this process.</summary>
internal static class PostgreSqlServer
{
    /// <summary>A script that runs a command until the input ends, and then removes a folder.</summary>
    private const string EndsWithItsInput = "\"$@\" & server=$!; read -r end; kill -QUIT $server; wait $server; rm -rf \"$0\"";

    /// <summary>What the socket is named by.</summary>
    private const string Port = "5432";

    private static readonly Lazy<string> Started = new(Start);

    /// <summary>Kept, as its input ends with it.</summary>
    private static Process? _server;

    /// <summary>Where the programs are; null if they are not on the machine.</summary>
    public static string? Folder { get; } = new[] { "/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin" }
        .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        .FirstOrDefault(static folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")));

    public static string ConnectionString => Started.Value;

    public static void Execute(string sql)
    {
        using var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static string Start()
    {
        var data = Directory.CreateTempSubdirectory("fermata-postgres").FullName;
        if (Environment.IsPrivilegedProcess)
            Run("chown", "postgres", data);
        using (var initialize = Run(Path.Combine(Folder!, "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8"))
            Assert.Equal(0, initialize.ExitCode);
        // A shell ends the server when this process ends, whoever ends it, and removes the data.
        _server = Begin("sh", ["-c", EndsWithItsInput, data, .. AsOther(Path.Combine(Folder!, "postgres")), "-D", data, "-p", Port, "-c", "listen_addresses=", "-c", $"unix_socket_directories={data}", "-c", "max_connections=200"]);
        var connectionString = $"Host={data};Port={Port};Username=postgres;Database=postgres;Include Error Detail=true;Timeout=300;Command Timeout=300";
        for (var i = 0; ; i++)
        {
            try
            {
                using var connection = new NpgsqlConnection(connectionString);
                connection.Open();
                return connectionString;
            }
            catch (NpgsqlException) when (i < 3000 && !_server.HasExited)
            {
                Thread.Sleep(100);
            }
        }
    }

    private static Process Run(string program, params string[] arguments)
    {
        string[] command = [.. AsOther(program), .. arguments];
        var process = Begin(command[0], command[1..]);
        process.WaitForExit();
        return process;
    }

    /// <summary>A program of PostgreSQL as another user: the server refuses to be run by root.</summary>
    private static string[] AsOther(string program) =>
        Environment.IsPrivilegedProcess && program.StartsWith('/') ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", program] : [program];

    private static Process Begin(string program, string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
