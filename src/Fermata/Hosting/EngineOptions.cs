namespace Fermata;

/// <summary>What all modules and stores of an engine have in common.</summary>
public sealed record class EngineOptions
{
    /// <summary>The options of <c>new Engine()</c>.</summary>
    public static EngineOptions Default { get; } = new();

    /// <summary>
    /// The most of a thread's native stack that one call into WebAssembly may use, in bytes; beyond it, or where the thread has less,
    /// the call traps with "call stack exhausted". Default: 4 MiB.
    /// </summary>
    public int MaxStackBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// For tests of the engine: every function is compiled for suspension, and every call unwinds the whole stack into frames when it returns,
    /// and goes on from them at once. Slow; results are the same. Default: false.
    /// </summary>
    public bool SuspendEverywhere { get; init; }
}
