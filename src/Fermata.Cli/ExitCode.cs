namespace Fermata.Cli;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>What was asked for was tried and failed; why is on the standard error.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong, and nothing was tried.</summary>
    public const int Usage = 2;
}
