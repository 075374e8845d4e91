using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Fermata.Cli.Tests;

/// <summary><c>fermata mcp</c>, and a client of the protocol that starts it.</summary>
public sealed class McpCommandTests : IDisposable
{
    private static readonly NpmPackages Packages = new("tests", "Fermata.Emscripten.Tests", "npm");

    private readonly Folder _folder = new();

    private static string Package => Path.GetDirectoryName(Packages["pyodide", "package.json"])!;

    public void Dispose() => _folder.Dispose();

    [NpmFact(IsHeavy = true)]
    public async Task A_client_runs_code_in_a_session()
    {
        await using var client = await StartAsync("--computing-time", "10s", "--max-output", "1K");
        Assert.Equal("fermata", client.ServerInfo?.Name);
        var tool = Assert.Single(await client.ListToolsAsync());
        Assert.Equal("execute_code", tool.Name);
        Assert.Contains("Limits: 10 s of computing", tool.Description, StringComparison.Ordinal);
        Assert.Equal(["code"], tool.JsonSchema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));

        Assert.Equal("hello\n", (await CallAsync(client, "x = 20\nprint('hello')")).GetProperty("output").GetString());
        Assert.Equal("21", (await CallAsync(client, "x + 1")).GetProperty("result").GetString());
        var error = (await CallAsync(client, "x = 1\n1 / 0")).GetProperty("error");
        Assert.Equal(("ZeroDivisionError", 2), (error.GetProperty("type").GetString(), error.GetProperty("line").GetInt32()));
        Assert.Equal("limit of computing time", KindOf(await CallAsync(client, "while True:\n  try:\n    while True: pass\n  except BaseException: pass")));
        Assert.Contains("was started anew", (await CallAsync(client, "1")).GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal("limit of output", KindOf(await CallAsync(client, "print('x' * 2000)")));
    }

    [NpmFact(IsHeavy = true)]
    public async Task Code_has_the_directories_that_it_was_given()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var (readOnly, writable) = (Directory.CreateDirectory(_folder["in"]), Directory.CreateDirectory(_folder["out"]));
        await File.WriteAllTextAsync(Path.Combine(readOnly.FullName, "a.txt"), "text");
        await using var client = await StartAsync("--stateless", "--dir", $"{readOnly.FullName}::/in:ro", "--dir", $"{writable.FullName}::/out");
        Assert.EndsWith(" Directories of the user: /in (read-only), /out.", Assert.Single(await client.ListToolsAsync()).Description, StringComparison.Ordinal);
        Assert.Equal("'text'", (await CallAsync(client, "x = open('/in/a.txt').read()\n_ = open('/out/b.txt', 'w').write(x.upper())\nx")).GetProperty("result").GetString());
        Assert.Equal("TEXT", await File.ReadAllTextAsync(Path.Combine(writable.FullName, "b.txt")));
        Assert.Equal("OSError", (await CallAsync(client, "open('/in/b.txt', 'w')")).GetProperty("error").GetProperty("type").GetString());
        Assert.Equal("FileNotFoundError", (await CallAsync(client, "open('/in/../../etc/passwd')")).GetProperty("error").GetProperty("type").GetString());
        Assert.Equal("NameError", (await CallAsync(client, "x")).GetProperty("error").GetProperty("type").GetString());
    }

    [NpmFact(IsHeavy = true)]
    public async Task Code_fetches_what_it_may()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var client = await StartAsync("--net", $"{listener.LocalEndpoint}");
        Assert.Contains("await fetch(url", Assert.Single(await client.ListToolsAsync()).Description, StringComparison.Ordinal);
        var call = CallAsync(client, $"(await fetch('http://{listener.LocalEndpoint}/')).text");
        using (var connection = await listener.AcceptSocketAsync())
        {
            // What is closed with bytes that nobody has read is reset.
            await connection.ReceiveAsync(new byte[4096]);
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntext"u8.ToArray());
        }

        Assert.Equal("'text'", (await call).GetProperty("result").GetString());
        Assert.Equal("PermissionError", (await CallAsync(client, "await fetch('http://localhost/')")).GetProperty("error").GetProperty("type").GetString());
    }

    [NpmFact(IsHeavy = true)]
    public async Task It_ends_when_its_client_does()
    {
        using var process = CliProcess.Start("mcp", "--pyodide", Package);
        process.Input.Close();
        var (exitCode, output, _) = await process.EndAsync();
        Assert.Equal((ExitCode.Success, ""), (exitCode, output));
    }

    [Theory]
    [InlineData("mcp --pyodide . --computing-time never", "'never' is not what --computing-time takes")]
    [InlineData("mcp --pyodide . --max-output 4G", "'4G' is not what --max-output takes")]
    [InlineData("mcp --pyodide . --dir d::/home/pyodide", "--dir: Python's own files are at /home/pyodide")]
    [InlineData("mcp --pyodide . --dir d::/lib/", "--dir: Python's own files are at /lib")]
    [InlineData("mcp --pyodide . --dir data", "--dir data: the code finds a directory under a path that begins with /")]
    public void What_is_wrong_is_told(string arguments, string problem)
    {
        var (exitCode, output, error) = _folder.Run(arguments.Split(' '));
        Assert.Equal((ExitCode.Usage, ""), (exitCode, output));
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_the_package_is_told()
    {
        var (exitCode, output, error) = _folder.Run("mcp", "--pyodide", _folder["nothing"]);
        Assert.Equal((ExitCode.Failure, ""), (exitCode, output));
        Assert.StartsWith("fermata: ~/nothing: the npm package pyodide@", error, StringComparison.Ordinal);
    }

    private static Task<McpClient> StartAsync(params string[] options) => McpClient.CreateAsync(
        new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = Environment.ProcessPath!,
            Arguments = ["exec", Path.Combine(AppContext.BaseDirectory, "Fermata.Cli.dll"), "mcp", "--pyodide", Package, .. options],
            EnvironmentVariables = new Dictionary<string, string?> { ["FERMATA_CACHE"] = Path.Combine(AppContext.BaseDirectory, "cache"), ["NUGET_PACKAGES"] = CliProcess.NoPackages },
        }),
        new McpClientOptions { InitializationTimeout = TimeSpan.FromMinutes(5) });

    private static async Task<JsonElement> CallAsync(McpClient client, string code)
    {
        var result = await client.CallToolAsync("execute_code", new Dictionary<string, object?> { ["code"] = code });
        return JsonElement.Parse(Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    private static string? KindOf(JsonElement report) => report.GetProperty("error").GetProperty("kind").GetString();
}
