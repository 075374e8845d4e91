namespace Fermata.Tests.Shared;

/// <summary>A test that has started and not ended.</summary>
internal sealed class RunningTest(DateTime start)
{
    /// <summary>When it started, in UTC.</summary>
    public DateTime Start { get; } = start;

    /// <summary>Whether it was told that it takes long.</summary>
    public bool IsReported { get; set; }
}
