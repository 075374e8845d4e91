namespace Fermata.Tests.Shared;

/// <summary>Engines for large programs of npm. Compiled into each test project that runs such.</summary>
internal static class ProgramEngine
{
    /// <summary>
    /// An engine as command lines have it: .NET compiles code quickly first and what is hot again. There is no limit for loading, as a busy machine may take long.
    /// </summary>
    public static Engine New(bool suspendsEverywhere = false) =>
        new(new EngineOptions { SuspendEverywhere = suspendsEverywhere, IsCollectible = false, MaxLoadTime = Timeout.InfiniteTimeSpan });
}
