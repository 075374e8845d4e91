using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Fermata.Tests.Shared;

/// <summary>A server of PostgreSQL on the loopback interface, which ends with this process.</summary>
internal static class PostgreSqlServer
{
    private static readonly Lazy<string> Started = new(Start);

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
        var port = FreePort();
        var server = Begin(Path.Combine(Folder!, "postgres"), "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={data}", "-c", "max_connections=200");
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
            Directory.Delete(data, recursive: true);
        };
        var connectionString = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Include Error Detail=true";
        for (var i = 0; ; i++)
        {
            try
            {
                using var connection = new NpgsqlConnection(connectionString);
                connection.Open();
                return connectionString;
            }
            catch (NpgsqlException) when (i < 600 && !server.HasExited)
            {
                Thread.Sleep(100);
            }
        }
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Run(string program, params string[] arguments)
    {
        var process = Begin(program, arguments);
        process.WaitForExit();
        return process;
    }

    /// <summary>Starts a program; the server refuses to be run by root.</summary>
    private static Process Begin(string program, params string[] arguments)
    {
        var asOther = Environment.IsPrivilegedProcess && program.StartsWith('/');
        var start = new ProcessStartInfo(asOther ? "setpriv" : program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in asOther ? ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments] : arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
