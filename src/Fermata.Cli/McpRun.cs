using System.Text.Json;
using Fermata.Python;
using Fermata.Python.AI;
using Fermata.Structure;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Fermata.Cli;

/// <summary>A server of the Model Context Protocol on the standard streams, for as long as its client is there.</summary>
internal static class McpRun
{
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandException">It could not be started.</exception>
    public static int Run(Terminal terminal, McpOptions options)
    {
        using var interruption = new Interruption(timeout: null);
        try
        {
            RunAsync(terminal, options, interruption.Token).GetAwaiter().GetResult();
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (interruption.ExitCode is not 0 and var exitCode)
        {
            return exitCode;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or JsonException or ModuleException)
        {
            throw new CommandException(HostileText.Printable(e.Message));
        }
        catch (Exception e) when (e is ResourceLimitException or InsufficientMemoryException or TrapException or InvalidOperationException)
        {
            throw new CommandException($"Python did not start: {HostileText.Printable(e.Message)}");
        }
    }

    private static async Task RunAsync(Terminal terminal, McpOptions options, CancellationToken cancellationToken)
    {
        var host = HostWith(options);
        var packages = await WheelPackages.AddAsync(host, options.Wheels, cancellationToken).ConfigureAwait(false);
        var executeCode = await StartAsync(terminal, options, host, cancellationToken).ConfigureAwait(false);
        await using (executeCode.ConfigureAwait(false))
        {
            var tool = McpServerTool.Create(executeCode, new McpServerToolCreateOptions { Description = executeCode.Description + DescriptionOf(options.Directories, packages) });
            var serverOptions = new McpServerOptions
            {
                ServerInfo = new Implementation { Name = "fermata", Version = typeof(McpRun).Assembly.GetName().Version!.ToString(3) },
                ToolCollection = [tool],
            };
            var transport = new StdioServerTransport(serverOptions);
            await using (transport.ConfigureAwait(false))
            {
                var server = McpServer.Create(transport, serverOptions);
                await using (server.ConfigureAwait(false))
                    await server.RunAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<ExecuteCodeFunction> StartAsync(Terminal terminal, McpOptions options, PythonHost host, CancellationToken cancellationToken)
    {
        var (distribution, _) = await new PyodidePackage(terminal)
            .LoadAsync(options.PackageFolder, ProgramGrants.OptionsOf(usesFuel: false, options.CacheFolder), options.CacheFolder, cancellationToken).ConfigureAwait(false);
        return await ExecuteCodeFunction.StartAsync(distribution, options: options.Sandbox, host: host, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static PythonHost HostWith(McpOptions options)
    {
        var host = new PythonHost();
        if (options.Network is { } network)
            host.WithFetch(network);
        foreach (var directory in options.Directories)
        {
            if (directory.GuestPath is not ['/', _, ..])
                throw CommandException.Usage($"--dir {HostileText.Printable(directory.HostPath)}: the code finds a directory under a path that begins with /, and is not / itself: write HOST::/data, for example.");
        }

        foreach (var directory in GuestPaths.Resolve(options.Directories, [PythonRuntime.WorkingDirectory, .. WheelPackages.PathsFor(options.Wheels)]))
            host.WithDirectory(directory.GuestPath, directory.Open());
        return host;
    }

    private static string DescriptionOf(IReadOnlyList<DirectoryGrant> directories, IReadOnlyList<string> packages)
    {
        var paths = directories.Select(directory => directory.GuestPath + (directory.IsReadOnly ? " (read-only)" : ""));
        return (directories.Count == 0 ? "" : $" Directories of the user: {string.Join(", ", paths)}.") + (packages.Count == 0 ? "" : $" Packages that can be imported: {string.Join(", ", packages)}.");
    }
}
