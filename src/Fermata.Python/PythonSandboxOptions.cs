namespace Fermata.Python;

/// <summary>What code in a <see cref="PythonSandbox"/> may use, and what is kept of it.</summary>
public sealed record PythonSandboxOptions
{
    /// <summary>The options that are used where none are given.</summary>
    public static PythonSandboxOptions Default { get; } = new();

    /// <summary>
    /// Whether variables, modules and files are kept from one call to the next, as in a notebook. If not, each call has an interpreter and a folder of its own; the next one is started
    /// as soon as one has ended. Default: true.
    /// </summary>
    public bool KeepsState { get; init; } = true;

    /// <summary>
    /// Whether variables are kept where other state is. If not, each call begins with those of the host and of the prelude, in a module <c>__main__</c> of its own, without the time that an interpreter takes to
    /// start. Files are kept, and modules that were imported with all that is in them: code that does not want to be apart from an earlier call is not, as it is without <see cref="KeepsState"/>. Default: true.
    /// </summary>
    public bool KeepsVariables { get; init; } = true;

    /// <summary>How long a call may compute: run code, rather than wait. Functions of the host count until they return their task. Default: 10 seconds; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    public TimeSpan MaxComputingTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a call may wait in all: for tasks of the host, for time to pass, for input. Default: 1 minute; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    public TimeSpan MaxWaitingTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many bytes the memory of an interpreter may have; what it takes by itself, some 20 MiB, counts. Values that it
    /// passes to the host, or has it keep, and arrays of numbers that it holds from functions of the host, may take as much again in .NET. Default: 256 MiB.</summary>
    public long MaxMemoryBytes { get; init; } = 256L << 20;

    /// <summary>How many bytes of standard output a call may write, how many of standard error, and how many its result may have. Default: 1 MiB.</summary>
    public int MaxOutputBytes { get; init; } = 1 << 20;

    /// <summary>How many bytes the files in the working folder may have together, and how many those elsewhere, such as in <c>/tmp</c>. Default: 64 MiB.</summary>
    public int MaxFileBytes { get; init; } = 64 << 20;

    /// <summary>
    /// Source that each interpreter runs before anything else, with the functions of the host as variables. Its variables are there for code that follows. It is the host's, and no limit
    /// but that of memory is for it. Default: empty.
    /// </summary>
    public string Prelude { get; init; } = "";

    /// <exception cref="ArgumentOutOfRangeException">A limit is not above zero.</exception>
    internal void Validate()
    {
        ValidateTime(MaxComputingTime, nameof(MaxComputingTime));
        ValidateTime(MaxWaitingTime, nameof(MaxWaitingTime));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxMemoryBytes, nameof(MaxMemoryBytes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxOutputBytes, nameof(MaxOutputBytes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxFileBytes, nameof(MaxFileBytes));
        ArgumentNullException.ThrowIfNull(Prelude, nameof(Prelude));
    }

    /// <exception cref="ArgumentOutOfRangeException">It is not above zero, nor infinite.</exception>
    internal static void ValidateTime(TimeSpan time, string name)
    {
        if (time != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, name);
    }
}
