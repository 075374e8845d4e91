namespace Fermata.Programs.Tests;

public sealed class RubyTests(RubyTests.Program program) : IClassFixture<RubyTests.Program>
{
    public static TheoryData<string> Cases => NpmProgram.CasesOf("ruby");

    [NpmTheory(IsHeavy = true)]
    [MemberData(nameof(Cases))]
    public Task Prints_what_it_prints_in_Node(string script) => program.CheckAsync(script);

    [NpmFact]
    public async Task Suspended_at_every_wait() => await program.CheckAsync("tiny.rb", await program.Program, new StoreOptions { AlwaysSuspend = true });

    [NpmFact(IsHeavy = true)]
    public async Task Suspended_at_every_call() => await program.CheckAsync("tiny.rb", await program.SuspendedEverywhere);

    public sealed class Program() : NpmProgram("ruby");
}
