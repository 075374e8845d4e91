namespace Fermata.SpecTests;

/// <summary>A test for each script of the specification's test suite.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SuiteTheoryAttribute : TheoryAttribute
{
    /// <summary>Skips the test where the suite is not there.</summary>
    public SuiteTheoryAttribute() => Skip = Suite.SkipReason;

    /// <summary>Whether it takes long, and runs in Release only.</summary>
    public bool IsHeavy
    {
        get => field;
        set
        {
            field = value;
            Skip ??= value ? Heavy.SkipReason : null;
        }
    }
}
