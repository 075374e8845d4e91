namespace Fermata.Wasi.Tests;

/// <summary>Each function of preview 1, with each error that it has, seen from a program in C, in each surrounding and however the engine suspends.</summary>
public sealed class ConformanceTests
{
    /// <summary>The programs, and where they run.</summary>
    private static readonly (string[] Programs, Surrounding[] Surroundings)[] Runs =
    [
        (["descriptors", "directories", "files", "libc", "links", "open", "paths", "poll", "rename", "rights"], [Surrounding.Memory, Surrounding.Host]),
        (["read_only"], [Surrounding.ReadOnlyMemory, Surrounding.ReadOnlyHost, Surrounding.Zip, Surrounding.Tar]),
        (["archive"], [Surrounding.LargeArchive]),
        (["full"], [Surrounding.Full]),
        (["mounts"], [Surrounding.TwoMemories, Surrounding.MemoryAndHost, Surrounding.HostAndMemory]),
        (["overlay"], [Surrounding.Overlay]),
        (["special"], [Surrounding.SpecialFiles]),
        (["streams"], [Surrounding.IdleStreams]),
        (["faults"], [Surrounding.Faults]),
        (["sockets"], [Surrounding.Sockets]),
        (["network"], [Surrounding.Network]),
    ];

    /// <summary>The engine runs code by itself, suspends at each host function that may wait, or at every call.</summary>
    public enum Suspension
    {
        Needed,
        AtHostFunctions,
        Everywhere,
    }

    public static TheoryData<string, string, Surrounding, Suspension> Cases()
    {
        var cases = new TheoryData<string, string, Surrounding, Suspension>();
        foreach (var (programs, surroundings) in Runs)
        {
            foreach (var program in programs)
            {
                foreach (var name in GuestPrograms.CasesOf(program))
                {
                    foreach (var surrounding in surroundings)
                    {
                        foreach (var suspension in Enum.GetValues<Suspension>())
                            cases.Add(program, name, surrounding, suspension);
                    }
                }
            }
        }

        return cases;
    }

    [NpmTheory]
    [MemberData(nameof(Cases))]
    public async Task A_program_finds_what_it_expects(string program, string name, Surrounding surrounding, Suspension suspension)
    {
        var error = new StringWriter();
        var builder = new WasiBuilder().WithArguments(name).WithMaxDescriptors(100).WithOutput(error).WithError(error);
        using var given = new GivenSurrounding();
        await given.GiveAsync(surrounding, builder);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var code = await GuestPrograms.Find(program, suspension == Suspension.Everywhere).RunAsync(
            builder, new StoreOptions { AlwaysSuspend = suspension == Suspension.AtHostFunctions }, deadline.Token);
        Assert.True(code == 0, error.ToString());
    }
}
