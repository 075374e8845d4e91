namespace Fermata.SpecTests;

/// <summary>A test that needs the specification's test suite.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SuiteFactAttribute : FactAttribute
{
    /// <summary>Skips the test where the suite is not there.</summary>
    public SuiteFactAttribute() => Skip = Suite.SkipReason;
}
