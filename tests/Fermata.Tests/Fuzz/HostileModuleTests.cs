using Fermata.Fuzz.Soak;

namespace Fermata.Tests.Fuzz;

/// <summary>
/// Modules that are as expensive as they can be, under limits and deadlines: their calls end in time, with exceptions that hosting.md tells of, and leave the store and the
/// process as good as new. <c>tests/Fermata.Fuzz</c> runs more of them, and measures processor time and memory.
/// </summary>
public sealed class HostileModuleTests
{
    private const ulong Seed = 1000;
    private const int Count = 100;

    [Fact]
    public void Hostile_modules_hurt_nothing()
    {
        var campaign = new SoakCampaign(isAlone: false);
        for (var i = 0; i < Count && !campaign.HasHung; i++)
            campaign.Run(Seed + (ulong)i);
        Assert.Empty(campaign.Findings);
        Assert.True(campaign.Ended > Count / 2, $"Few calls were ended from outside: {campaign}");
    }
}
