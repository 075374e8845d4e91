namespace Fermata.Programs.Tests;

public sealed class QuickJsTests(QuickJsTests.Program program) : IClassFixture<QuickJsTests.Program>
{
    public static TheoryData<string> Cases => NpmProgram.CasesOf("quickjs");

    [NpmTheory]
    [MemberData(nameof(Cases))]
    public Task Prints_what_it_prints_in_Node(string script) => program.CheckAsync(script);

    [NpmFact]
    public async Task Suspended_at_every_wait() => await program.CheckAsync("tiny.js", await program.Program, new StoreOptions { AlwaysSuspend = true });

    [NpmFact]
    public async Task Suspended_at_every_call() => await program.CheckAsync("tiny.js", await program.SuspendedEverywhere);

    public sealed class Program() : NpmProgram("quickjs");
}
