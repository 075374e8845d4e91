namespace Fermata.Cli.Tests;

/// <summary>A folder for the files of one test, and the commands that the test runs on them.</summary>
public sealed class Folder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("fermata-cli-").FullName;

    /// <summary>The path of a file in the folder.</summary>
    public string this[string name] => Path.Combine(_path, name);

    /// <summary>Writes a file and gives its path.</summary>
    public string Add(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
        return this[name];
    }

    /// <summary>Runs a command. In what it prints, the folder is <c>~</c>.</summary>
    public (int ExitCode, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exitCode = CommandLine.Run(args, new Terminal(output, error));
        return (exitCode, Shorten(output), Shorten(error));
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);

    private string Shorten(StringWriter writer) => writer.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).Replace(_path, "~", StringComparison.Ordinal);
}
