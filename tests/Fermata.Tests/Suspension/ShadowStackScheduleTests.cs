namespace Fermata.Tests.Suspension;

/// <summary>Random programs with a C stack whose calls interleave at random.</summary>
public sealed class ShadowStackScheduleTests
{
    private const int Schedules = 10_000;
    private const int SchedulesPerStore = 100;

    [Theory]
    [InlineData(ShadowStackPolicy.Copy)]
    [InlineData(ShadowStackPolicy.CopyOnConflict)]
    [InlineData(ShadowStackPolicy.Separate)]
    public void NoCallLosesAByteOfItsStack(ShadowStackPolicy policy)
    {
        var (intact, trapped, cancelled) = (0, 0, 0);
        for (var first = 0; first < Schedules; first += SchedulesPerStore)
        {
            using var program = new StackProgram(policy);
            for (var seed = first; seed < first + SchedulesPerStore; seed++)
            {
                var outcome = program.RunSchedule(seed);
                Assert.True(outcome.Corrupt == 0, $"schedule {seed} of {policy} is corrupt");
                Assert.Equal(StackProgram.Base, program.Pointer);
                Assert.InRange(program.UsedBlocks, 0, policy == ShadowStackPolicy.Separate ? StackProgram.MostCalls : 0);
                intact += outcome.Intact;
                trapped += outcome.Trapped;
                cancelled += outcome.Cancelled;
            }
        }

        Assert.True(intact > Schedules && trapped > Schedules / 100 && cancelled > Schedules / 100, $"{intact}, {trapped} and {cancelled} calls");
    }

    [Fact]
    public void WithoutAPolicyTheSameCallsLoseBytes()
    {
        var corrupt = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            using var program = new StackProgram(ShadowStackPolicy.None);
            corrupt += program.RunSchedule(seed).Corrupt;
        }

        Assert.True(corrupt > 20, $"only {corrupt} calls are corrupt");
    }
}
