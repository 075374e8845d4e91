namespace Fermata.Tests.Shared;

/// <summary>Tests that take long, and whose result does not depend on how Fermata itself is compiled: of the two configurations they run in Release. Compiled into each test project.</summary>
internal static class Heavy
{
    /// <summary>Why they are skipped; null if they are not.</summary>
    public const string? SkipReason =
#if DEBUG
        "It takes long, and runs in Release only: dotnet test -c Release.";
#else
        null;
#endif

    /// <summary>Why those are skipped that take so long that they run when they are asked for; null if they are.</summary>
    public static string? LongSkipReason { get; } = SkipReason ?? (Environment.GetEnvironmentVariable("FERMATA_LONG_TESTS") == "1" ? null : "It takes very long, and runs on demand: FERMATA_LONG_TESTS=1 dotnet test -c Release.");

    /// <summary>How often something is tried that depends on chance: in Debug only as often as shows that it works there.</summary>
    /// <param name="rounds">How often in Release.</param>
    public static int Rounds(int rounds) =>
#if DEBUG
        rounds / 10;
#else
        rounds;
#endif
}
