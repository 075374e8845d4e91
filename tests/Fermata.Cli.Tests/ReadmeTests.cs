using System.Reflection;

namespace Fermata.Cli.Tests;

/// <summary>The first program of the README is one that runs, and prints what it says; its commands are those that the checks run.</summary>
public sealed class ReadmeTests
{
    private static readonly string Code = Read("Program.cs").TrimEnd();

    [Fact]
    public void It_shows_the_first_program() => Assert.Contains($"```csharp\n{Code}\n```", Read("README.md"), StringComparison.Ordinal);

    [Fact]
    public void The_first_program_has_at_most_25_lines() => Assert.InRange(Code.Split('\n').Length, 1, 25);

    [Fact]
    public async Task The_first_program_prints_what_its_comment_says()
    {
        var console = Console.Out;
        using var output = new StringWriter { NewLine = "\n" };
        Console.SetOut(output);
        try
        {
            var entry = Assembly.Load("FirstProgram").EntryPoint!;
            await Task.Run(() => entry.Invoke(null, [Array.Empty<string>()]));
        }
        finally
        {
            Console.SetOut(console);
        }

        var expected = Code[(Code.LastIndexOf("// ", StringComparison.Ordinal) + 3)..];
        Assert.Equal(expected + "\n", output.ToString());
    }

    [Fact]
    public void Its_two_commands_are_among_those_that_check_the_repository()
    {
        var section = Read("README.md").Split("\n## ").Single(section => section.StartsWith("Two commands\n", StringComparison.Ordinal));
        var commands = section.Split('\n').Where(line => line.StartsWith("    ", StringComparison.Ordinal)).Select(line => line.Trim()).ToList();
        var checks = File.ReadAllLines(Path.Combine(RepositoryFolder.Path, ".ci", "run"));

        Assert.Equal(2, commands.Count);
        Assert.All(commands, command => Assert.Contains(checks, line => line.EndsWith(" " + command, StringComparison.Ordinal)));
    }

    private static string Read(string file) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "repository", file)).Replace("\r\n", "\n", StringComparison.Ordinal);
}
