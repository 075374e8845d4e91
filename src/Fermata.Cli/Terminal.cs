using Fermata.Platform;

namespace Fermata.Cli;

/// <summary>Where commands print.</summary>
/// <param name="Output">Results.</param>
/// <param name="Error">Errors, notes and progress.</param>
internal sealed record Terminal(TextWriter Output, TextWriter Error)
{
    /// <summary>Standard input of programs that run; empty if nothing is said.</summary>
    public InputStream ProgramInput { get; init; } = InputStream.Empty;

    /// <summary>Standard output of programs that run: bytes as they are, where commands print text.</summary>
    public OutputStream ProgramOutput { get; init; } = Output;

    /// <summary>Standard error of programs that run.</summary>
    public OutputStream ProgramError { get; init; } = Error;

    /// <summary>Whether a person looks at <see cref="Error"/>, so that progress can be shown there in place.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Reads a key of a person who sees <see cref="Output"/>, without showing it; null where there is no such person.</summary>
    public Func<ConsoleKeyInfo>? ReadKey { get; init; }

    /// <summary>The folder of the code cache, unless the command line names one; null for no cache.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>That of this process.</summary>
    public static Terminal OfProcess() => new(new LazyWriter(static () => Console.Out), new LazyWriter(static () => Console.Error))
    {
        IsInteractive = !Console.IsErrorRedirected,
        ReadKey = Console.IsInputRedirected || Console.IsOutputRedirected ? null : ReadKeyOfConsole,
        CacheFolder = ProgramCache.Folder(Environment.GetEnvironmentVariable(ProgramCache.Variable)),
        ProgramInput = InputStream.Console,
        ProgramOutput = OutputStream.Console,
        ProgramError = OutputStream.ConsoleError,
    };

    /// <summary>Ctrl-C is a key while one is read.</summary>
    private static ConsoleKeyInfo ReadKeyOfConsole()
    {
        Console.TreatControlCAsInput = true;
        try
        {
            return Console.ReadKey(intercept: true);
        }
        finally
        {
            Console.TreatControlCAsInput = false;
        }
    }
}
