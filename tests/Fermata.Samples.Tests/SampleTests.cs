namespace Fermata.Samples.Tests;

public sealed class SampleTests
{
    public static TheoryData<string> Names => new(Sample.All.Select(sample => sample.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task EachSamplePrintsExactlyItsTranscript(string name)
    {
        var sample = Sample.All.Single(sample => sample.Name == name);
        Assert.Equal(sample.Expected, await Run(sample.RunAsync));
    }

    [Fact]
    public void EveryFolderWithAGuestIsASample()
    {
        var folders = Directory.GetDirectories(SampleFiles.PathOf("")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(folders, Sample.All.Select(sample => sample.Name));
    }

    [Fact]
    public async Task WithoutAPolicyTheInterleavedCallsOverwriteEachOther()
    {
        var transcript = await Run(ReentrancyTrouble.RunAsync);
        Assert.Contains("victim has lost its text", transcript, StringComparison.Ordinal);
        Assert.Contains("wasm: the overwriter's text, which is longer than the others\nhost: victim", transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithTheDefaultPolicyTheSameModuleKeepsItsTexts()
    {
        var transcript = await Run(FullFix.RunAsync);
        Assert.DoesNotContain("has lost", transcript, StringComparison.Ordinal);
        Assert.Contains("wasm: the victim's text\nhost: victim has its text", transcript, StringComparison.Ordinal);
    }

    /// <summary>Runs a sample on one thread from beginning to end, so that the order never depends on time.</summary>
    private static Task<string> Run(Func<SampleConsole, Task> run) => Task.Run(async () =>
    {
        var output = new StringWriter();
        var clock = new ImpatientClock();
        var task = run(new SampleConsole(output, clock));
        while (!task.IsCompleted)
            Assert.True(clock.Advance(), "The sample waits for something that is not the clock.");
        await task;
        return output.ToString();
    });
}
