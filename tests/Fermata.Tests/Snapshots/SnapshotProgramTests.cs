using Fermata.Fuzz.Snapshots;

namespace Fermata.Tests.Snapshots;

/// <summary>Random programs that are saved at random moments, and go on in another process as they do without. <c>tests/Fermata.Fuzz</c> runs more of them.</summary>
public sealed class SnapshotProgramTests
{
    private const int Count = 6;
    private const ulong Seed = 4;

    [Fact]
    public void ProgramsGoOnInAnotherProcess()
    {
        var campaign = new SnapshotCampaign();
        campaign.Run(Seed, Count);

        Assert.Empty(campaign.Findings);
        Assert.Equal((Count, Count * 3), (campaign.Programs, campaign.Snapshots));
        Assert.True(campaign.Steps > 10 * Count, campaign.ToString());
    }
}
