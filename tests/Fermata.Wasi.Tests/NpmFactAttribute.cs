namespace Fermata.Wasi.Tests;

/// <summary>A test that runs what npm installs.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NpmFactAttribute : FactAttribute
{
    /// <summary>Skips the test where there is no npm.</summary>
    public NpmFactAttribute() => Skip = NpmPackages.SkipReason;
}
