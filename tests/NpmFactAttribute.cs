namespace Fermata.Tests.Shared;

/// <summary>A test that runs what npm installs. Compiled into each project that has such.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NpmFactAttribute : FactAttribute
{
    /// <summary>Skips the test where there is no npm.</summary>
    public NpmFactAttribute() => Skip = NpmPackages.SkipReason;

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

    /// <summary>Whether it takes very long, and runs on demand only.</summary>
    public bool IsLong
    {
        get => field;
        set
        {
            field = value;
            Skip ??= value ? Heavy.LongSkipReason : null;
        }
    }
}
