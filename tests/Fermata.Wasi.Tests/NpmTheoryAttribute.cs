namespace Fermata.Wasi.Tests;

/// <summary>A test that runs what npm installs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NpmTheoryAttribute : TheoryAttribute
{
    /// <summary>Skips the test where there is no npm.</summary>
    public NpmTheoryAttribute() => Skip = NpmPackages.SkipReason;
}
