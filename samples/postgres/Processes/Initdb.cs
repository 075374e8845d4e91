using System.Text.RegularExpressions;
using Fermata.Platform;
using Fermata.Platform.FileSystems;

namespace Fermata.Samples.Postgres;

/// <summary>Makes directories of data: <c>initdb</c> runs <c>postgres</c> several times, in processes of their own.</summary>
internal static partial class Initdb
{
    private const string Output = "/output";

    private static readonly string[] Arguments = ["--allow-group-access", "--encoding", "UTF8", "--locale=C.UTF-8", "--locale-provider=libc", "--auth=trust"];

    /// <summary>Makes one.</summary>
    /// <param name="package">PGlite.</param>
    /// <param name="data">An empty directory.</param>
    /// <param name="options">Options of the stores.</param>
    /// <exception cref="InvalidOperationException">It failed; the message says how.</exception>
    public static async Task RunAsync(PostgresPackage package, FileSystem data, StoreOptions? options = null)
    {
        var (shared, output) = (new MemoryFileSystem(), new StringWriter());
        await using var instance = await package.StartInitdbAsync(data, options, shared, host => host.WithOutput(output).WithError(output));
        new ProgramCalls(instance)
        {
            Run = async command => (await RunServerAsync(command, InputStream.Empty)).ExitCode,
            Read = async command =>
            {
                var (_, written) = await RunServerAsync(command, InputStream.Empty);
                shared.AddFile(Output, written);
                return PostgresPackage.Shared + Output;
            },
            Write = async command => (await RunServerAsync(command, InputStream.From(shared.ReadFile(ProgramCalls.Written[PostgresPackage.Shared.Length..])))).ExitCode,
        }.Define();
        if (await instance.RunMainAsync(Arguments) is not 0 and var exitCode)
            throw new InvalidOperationException($"initdb ended with {exitCode}: {output}");

        async Task<(int ExitCode, byte[] Written)> RunServerAsync(string command, InputStream input)
        {
            var written = new MemoryStream();
            await using var server = await package.StartServerAsync(data, options, shared, host => host.WithInput(input).WithOutput(written).WithError(output));
            return (await server.RunMainAsync(ArgumentsOf(command)), written.ToArray());
        }
    }

    /// <summary>The words behind the name of the program, up to where its streams are redirected.</summary>
    private static List<string> ArgumentsOf(string command) => [.. Words().Matches(command.Split('<', '>')[0]).Skip(1).Select(match => match.Value.Trim('"'))];

    [GeneratedRegex("""
        "[^"]*"|\S+
        """)]
    private static partial Regex Words();
}
