using Fermata.Fuzz.Snapshots;

namespace Fermata.Tests.Snapshots;

/// <summary>Snapshots that somebody has changed. <c>tests/Fermata.Fuzz</c> runs more of them.</summary>
public sealed class MutatedSnapshotTests
{
    private const int Count = 2_000;
    private const ulong Seed = 15;

    [Fact]
    public async Task MutatedSnapshotsAreRefusedOrRun()
    {
        var mutation = new SnapshotMutation();
        for (var i = 0; i < Count; i++)
            await mutation.RunAsync(Seed + (ulong)i);

        Assert.Equal(Count, mutation.Restored + mutation.Refused);
        Assert.InRange(mutation.Restored, Count / 20, Count);
    }
}
