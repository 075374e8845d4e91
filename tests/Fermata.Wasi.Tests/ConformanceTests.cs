namespace Fermata.Wasi.Tests;

/// <summary>Each function of preview 1, with each error that it has, seen from a program in C, on each file system and however the engine suspends.</summary>
public sealed class ConformanceTests
{
    private static readonly string[] Programs = ["descriptors", "directories", "files", "libc", "links", "open", "paths", "poll", "rename", "rights"];

    /// <summary>The engine runs code by itself, suspends at each host function that may wait, or at every call.</summary>
    public enum Suspension
    {
        Needed,
        AtHostFunctions,
        Everywhere,
    }

    public enum Files
    {
        Memory,
        Host,
    }

    public static TheoryData<string, string, Files, Suspension> Cases()
    {
        var cases = new TheoryData<string, string, Files, Suspension>();
        foreach (var program in Programs)
        {
            foreach (var name in GuestPrograms.CasesOf(program))
            {
                foreach (var files in Enum.GetValues<Files>())
                {
                    foreach (var suspension in Enum.GetValues<Suspension>())
                        cases.Add(program, name, files, suspension);
                }
            }
        }

        return cases;
    }

    [NpmTheory]
    [MemberData(nameof(Cases))]
    public async Task A_program_finds_what_it_expects(string program, string name, Files files, Suspension suspension)
    {
        using var folder = files == Files.Host ? new TemporaryFolder() : null;
        var error = new StringWriter();
        var builder = new WasiBuilder()
            .WithArguments(name)
            .WithDirectory("/", folder is null ? new MemoryFileSystem() : new HostFileSystem(folder.Path))
            .WithMaxDescriptors(100)
            .WithOutput(error)
            .WithError(error);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var code = await GuestPrograms.Find(program, suspension == Suspension.Everywhere).RunAsync(
            builder, new StoreOptions { AlwaysSuspend = suspension == Suspension.AtHostFunctions }, deadline.Token);
        Assert.True(code == 0, error.ToString());
    }
}
