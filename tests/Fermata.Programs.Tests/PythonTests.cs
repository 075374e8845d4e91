using System.Globalization;

namespace Fermata.Programs.Tests;

public sealed class PythonTests(PythonTests.Program program) : IClassFixture<PythonTests.Program>
{
    private const int Guests = 6;

    public static TheoryData<string> Cases => NpmProgram.CasesOf("python");

    [NpmTheory]
    [MemberData(nameof(Cases))]
    public Task Prints_what_it_prints_in_Node(string script) => program.CheckAsync(script);

    [NpmFact]
    public async Task Suspended_at_every_wait() => await program.CheckAsync("tiny.py", await program.Program, new StoreOptions { AlwaysSuspend = true });

    [NpmFact(IsHeavy = true)]
    public async Task Suspended_at_every_call() => await program.CheckAsync("tiny.py", await program.SuspendedEverywhere);

    /// <summary>A part of CPython's own tests: of those that the package has, which are those of unittest, the ones that pass under Node.</summary>
    [NpmFact]
    public async Task Passes_tests_of_its_own_library()
    {
        string[] modules =
        [
            "test_functiontestcase", "test_setups", "test_skipping", "test_suite", "testmock.testcallable", "testmock.testmagicmethods", "testmock.testsentinel",
            "testmock.testwith",
        ];
        var outcome = await program.RunAsync(["-m", "unittest", .. modules.Select(module => $"unittest.test.{module}")]);
        Assert.Matches(@"\nRan 156 tests in [0-9.]+s\n\nOK\n$", outcome.Error);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Output));
    }

    [NpmFact]
    public async Task Shares_files_with_the_host()
    {
        const string Script = """
            import csv, json, os
            rows = [row for row in csv.DictReader(open('/data/in/cities.csv'))]
            os.makedirs('/data/out')
            json.dump({row['city']: int(row['people']) for row in rows}, open('/data/out/cities.json', 'w'))
            os.remove('/data/in/cities.csv')
            """;
        var files = new MemoryFileSystem();
        files.AddText("in/cities.csv", "city,people\nBern,134000\nUlm,126000\n");
        var outcome = await NpmProgram.RunAsync(program.NewBuilder().WithDirectory("/data", files).WithArguments("-c", Script), await program.Program);
        Assert.Equal(new Outcome(0, "", ""), outcome);
        Assert.Equal("""{"Bern": 134000, "Ulm": 126000}""", files.ReadText("out/cities.json"));
        Assert.False(files.Exists("in/cities.csv"));
    }

    /// <summary>Each of several guests is fed its lines in turn. All of them wait in between, and only what prints runs.</summary>
    [NpmFact]
    public async Task Guests_wait_for_lines_side_by_side()
    {
        const string Script = """
            import sys
            total = 0
            for line in sys.stdin:
                total += int(line)
                print(total, flush=True)
            print('end')
            """;
        var loaded = await program.Program;
        var guests = Enumerable.Range(0, Guests).Select(_ => new PipedGuest(loaded, () => program.NewBuilder().WithArguments("-c", Script))).ToArray();
        try
        {
            for (var round = 1; round <= 3; round++)
            {
                foreach (var guest in guests)
                    await guest.WaitsForAsync("fd_read");
                foreach (var (number, guest) in guests.Index())
                    await guest.WriteAsync($"{round * (number + 1)}\n");
                foreach (var (number, guest) in guests.Index())
                    Assert.Equal((round * (round + 1) / 2 * (number + 1)).ToString(CultureInfo.InvariantCulture), await guest.ReadLineAsync());
            }

            foreach (var guest in guests)
            {
                await guest.CompleteAsync();
                Assert.Equal("end", await guest.ReadLineAsync());
                Assert.Equal(0, await guest.ExitCode);
            }
        }
        finally
        {
            foreach (var guest in guests)
                await guest.DisposeAsync();
        }
    }

    [NpmFact]
    public async Task An_endless_loop_is_cancelled()
    {
        await using var guest = new PipedGuest(
            await program.Program, () => program.NewBuilder().WithArguments("-c", "print('started', flush=True)\nwhile True:\n    try:\n        while True: pass\n    except: pass"));
        Assert.Equal("started", await guest.ReadLineAsync());
        await guest.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guest.ExitCode);
    }

    public sealed class Program() : NpmProgram("python");
}
