using System.CommandLine;
using Fermata.Python;

namespace Fermata.Cli.Commands;

/// <summary><c>fermata mcp</c>: serves models a sandbox for Python.</summary>
internal static class McpCommand
{
    public const string Name = "mcp";

    private const string Description =
        "Serves the Model Context Protocol on the standard streams, with one tool, execute_code: a model runs Python code in a sandbox, which has what the options give it, and nothing else.";

    /// <summary>What its help has below the options.</summary>
    public const string More =
        """
        A client of the protocol starts the command. Many have their servers in a file such as

          { "mcpServers": { "python": { "command": "fermata", "args": ["mcp", "--dir", "/home/me/data::/data:ro"] } } }

        Variables, modules and files of the working directory are kept from one call to the next, for as long as the client is there, unless --stateless says otherwise.
        An interpreter that a limit had to end is started anew, and the model is told.

        Exit codes: 0 the client has closed the connection, 1 it could not be started, 2 wrong usage, 130 and 143 Ctrl-C or SIGTERM ended it.
        """;

    public static Command Create(Terminal terminal)
    {
        var directories = new Option<DirectoryGrant[]>("--dir")
        {
            Description = "Gives the code a directory, under the path GUEST, or under the same one if that begins with /; with :ro it cannot write there; or what is in a .zip or .tar file. May be repeated.",
            HelpName = "HOST[::GUEST][:ro]",
            CustomParser = GrantOptions.ReadDirectories,
        };
        var network = GrantOptions.Network("Lets the code send requests of HTTP, by its function fetch, to a host");
        var defaults = PythonSandboxOptions.Default;
        var computing = Time("--computing-time", $"How long a call may compute: 500ms, 2s, 1.5m, 1h; a number alone is in seconds. Default: {defaults.MaxComputingTime.TotalSeconds}s.");
        var waiting = Time("--waiting-time", $"How long a call may wait in all, as for sleeping and reading. Default: {defaults.MaxWaitingTime.TotalSeconds}s.");
        var maxMemory = GrantOptions.Size("--max-memory", $"How many bytes the memory of the interpreter may have: 64M, 1.5G; a number alone is in bytes. Default: {defaults.MaxMemoryBytes >> 20}M.", long.MaxValue, least: 1);
        var maxOutput = GrantOptions.Size("--max-output", $"How many bytes a call may print. Default: {DefaultOutputBytes >> 10}K.", int.MaxValue, least: 1);
        var stateless = new Option<bool>("--stateless") { Description = "Keeps nothing from one call to the next: each has an interpreter of its own." };
        var command = new Command(Name, Description) { directories, network, computing, waiting, maxMemory, maxOutput, stateless };
        var cache = new CacheOption(command);
        var package = new PackageOptions(command);
        command.SetAction(result => McpRun.Run(terminal, new McpOptions(package.ReadFolder(result))
        {
            Directories = result.GetValue(directories) ?? [],
            Network = result.GetValue(network),
            Wheels = package.ReadWheels(result),
            CacheFolder = cache.Read(result, terminal),
            Sandbox = defaults with
            {
                MaxComputingTime = result.GetValue(computing) ?? defaults.MaxComputingTime,
                MaxWaitingTime = result.GetValue(waiting) ?? defaults.MaxWaitingTime,
                MaxMemoryBytes = result.GetValue(maxMemory) ?? defaults.MaxMemoryBytes,
                MaxOutputBytes = (int)(result.GetValue(maxOutput) ?? DefaultOutputBytes),
                KeepsState = !result.GetValue(stateless),
            },
        }));
        return command;
    }

    /// <summary>As much as a model may want to read.</summary>
    private const long DefaultOutputBytes = 64 << 10;

    private static Option<TimeSpan?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result => GrantOptions.Read<TimeSpan>(result, Quantity.TryReadTime, "a time such as 500ms, 2s, 1.5m or 1h, of at most 49 days"),
    };
}
