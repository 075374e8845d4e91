using Fermata.Fuzz.Emscripten;

namespace Fermata.Emscripten.Tests;

/// <summary>Random calls with a fixed seed; <c>tests/Fermata.Fuzz</c> makes more of them.</summary>
public sealed class FuzzTests
{
    private const int CallsPerFunction = 300;

    [Fact]
    public async Task WhateverAProgramCallsEndsAsItMay()
    {
        var campaign = new EmscriptenCampaign();
        await campaign.RunAsync(1, CallsPerFunction);
        Assert.Empty(campaign.Findings);
        Assert.True(campaign.Endings.Count() > 250, $"Few different endings: {campaign}");
    }
}
