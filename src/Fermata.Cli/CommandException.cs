namespace Fermata.Cli;

/// <summary>The command ends. The message says what is wrong, where, and what to do; it is all that the user sees.</summary>
internal sealed class CommandException(string message, int exitCode = ExitCode.Failure) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public static CommandException Usage(string message) => new(message, Cli.ExitCode.Usage);
}
