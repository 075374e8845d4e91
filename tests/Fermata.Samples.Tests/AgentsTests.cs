using Fermata.Python;
using Fermata.Samples.Agents;

namespace Fermata.Samples.Tests;

public sealed class AgentsTests
{
    /// <summary>The package that the sample runs is among those of another test project, too.</summary>
    private static readonly NpmPackages Packages = new("tests", "Fermata.Emscripten.Tests", "npm");

    [NpmFact(IsHeavy = true)]
    public async Task UsefulScriptsHaveTheirAnswersAndRoguesAreEnded()
    {
        var distribution = await PythonDistribution.LoadAsync(new Engine(), Path.GetDirectoryName(Packages["pyodide", "package.json"])!, Path.Combine(AppContext.BaseDirectory, "python"));
        var output = new StringWriter();

        // Time is that of the clock, and this machine may be doing much else.
        var options = Demo.Options with { MaxComputingTime = TimeSpan.FromSeconds(20), MaxWaitingTime = TimeSpan.FromSeconds(60) };
        await Demo.RunAsync(distribution, 60, options, output);
        var lines = output.ToString().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(
            [
                "    54  ('lamp-1', 6.5)",
                "     2  The code waited for longer than 60 s.",
                "     1  The code computed for longer than 20 s.",
                "     1  The code ended the interpreter. The program ended with exit code 1.",
                "     1  The code wanted more memory than 67108864 bytes.",
                "     1  The code wrote more than 1000 bytes to standard output or standard error.",
            ],
            lines.Where(line => line.StartsWith("    ", StringComparison.Ordinal)));
        Assert.Contains("60 sandboxes have run another script.", lines);
    }
}
