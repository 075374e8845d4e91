namespace Fermata.Programs.Tests;

public sealed class PhpTests(PhpTests.Program program) : IClassFixture<PhpTests.Program>
{
    public static TheoryData<string> Cases => NpmProgram.CasesOf("php");

    [NpmTheory]
    [MemberData(nameof(Cases))]
    public Task Prints_what_it_prints_in_Node(string script) => program.CheckAsync(script);

    [NpmFact]
    public async Task Suspended_at_every_wait() => await program.CheckAsync("tiny.php", await program.Program, new StoreOptions { AlwaysSuspend = true });

    [NpmFact(IsHeavy = true)]
    public async Task Suspended_at_every_call() => await program.CheckAsync("tiny.php", await program.SuspendedEverywhere);

    [NpmFact]
    public async Task Sleeping_takes_no_thread()
    {
        var files = new MemoryFileSystem();
        files.AddText("sleep.php", "<?php usleep(20_000); echo 'slept'; flush(); sleep(1_000_000);");
        await using var guest = new PipedGuest(await program.Program, () => program.NewBuilder().WithDirectory("/files", files).WithArguments("-q", "/files/sleep.php"));
        Assert.Equal('s', await guest.ReadCharAsync());
        await guest.WaitsForAsync("poll_oneoff");
        await guest.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guest.ExitCode);
    }

    public sealed class Program() : NpmProgram("php");
}
