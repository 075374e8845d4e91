namespace Fermata.Cli;

/// <summary>What the process tells its caller. A program that <c>fermata run</c> runs to its end gives its own exit code, of which Unix keeps the lowest 8 bits.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>What was asked for was tried and failed; why is on the standard error.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong, and nothing was tried.</summary>
    public const int Usage = 2;

    /// <summary>The program was saved before its end (<c>--snapshot-after</c>); what <c>sysexits.h</c> has for what can be tried again.</summary>
    public const int Saved = 75;

    /// <summary>The program took longer than it may; as <c>timeout</c> of GNU has it.</summary>
    public const int TimedOut = 124;

    /// <summary>SIGINT ended the program: 128 and the number of the signal, as in shells.</summary>
    public const int Interrupted = 128 + 2;

    /// <summary>The program trapped, or threw an exception that nothing caught: what C's <c>abort</c> gives (SIGABRT), and Wasmtime for a trap.</summary>
    public const int Aborted = 128 + 6;

    /// <summary>SIGTERM ended the program.</summary>
    public const int Terminated = 128 + 15;
}
