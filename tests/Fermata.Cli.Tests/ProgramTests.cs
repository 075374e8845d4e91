namespace Fermata.Cli.Tests;

/// <summary><c>fermata run</c> with programs of WASI.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "p.wat\n")]
    [InlineData("-c print(1) --help --invoke f -- --env A=B", "p.wat\n-c\nprint(1)\n--help\n--invoke\nf\n--\n--env\nA=B\n")]
    public void What_stands_behind_the_file_is_the_programs(string arguments, string expected)
    {
        var program = _folder.Add("p.wat", Programs.PrintsArguments);

        Assert.Equal((0, expected, ""), _folder.Run(["run", program, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]));
    }

    [Fact]
    public void Two_dashes_may_stand_before_the_file()
    {
        var program = _folder.Add("p.wat", Programs.PrintsArguments);

        Assert.Equal((0, "p.wat\n--\n-x\n", ""), _folder.Run("run", "--timeout", "1h", "--", program, "--", "-x"));
    }

    [Fact]
    public void A_program_has_the_environment_that_it_is_given()
    {
        var program = _folder.Add("p.wat", Programs.PrintsEnvironment);

        var (exitCode, output, error) = _folder.Run("run", "--env", "A=1=2", "--env=B=", "--env", "PATH", "--env", "FERMATA_TESTS_HAVE_NO_SUCH_VARIABLE", program);

        Assert.Equal((0, $"A=1=2\nB=\nPATH={Environment.GetEnvironmentVariable("PATH")}\n", ""), (exitCode, output, error));
        Assert.Equal((0, "", ""), _folder.Run("run", program));
    }

    [Theory]
    [InlineData("(call $exit (i32.const 0))", 0)]
    [InlineData("(call $exit (i32.const 42))", 42)]
    [InlineData("(call $exit (i32.const 300))", 300)]
    [InlineData("(drop (call $raise (i32.const 6)))", 134)]
    [InlineData("(drop (call $raise (i32.const 15)))", 143)]
    public void The_exit_code_is_the_programs(string code, int expected)
    {
        var program = _folder.Add("p.wat", Programs.Of(code));

        Assert.Equal((expected, "", ""), _folder.Run("run", program));
    }

    [Theory]
    [InlineData("unreachable", "trap: unreachable\n  at f\n  at _start")]
    [InlineData("(throw $tag)", "a WebAssembly exception was not caught")]
    public void A_program_that_traps_gives_what_abort_gives(string code, string problem)
    {
        var program = _folder.Add("p.wat", Programs.Of($"(call $f)) (tag $tag) (func $f {code}"));

        var (exitCode, output, error) = _folder.Run("run", program);

        Assert.Equal((134, ""), (exitCode, output));
        Assert.StartsWith($"fermata: ~{Path.DirectorySeparatorChar}p.wat: {problem}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(loop (br 0))")]
    [InlineData("(call $sleep (i64.const 3600_000_000_000))")]
    [InlineData("(loop (drop (call $yield)) (br 0))")]
    public void A_timeout_ends_a_program_whatever_it_does(string code)
    {
        var program = _folder.Add("p.wat", Programs.Of(code));

        Assert.Equal((124, "", "fermata: ~/p.wat: its time was over (--timeout).\n"), _folder.Run("run", "--timeout", "300ms", program));
    }

    [Fact]
    public void A_timeout_that_is_not_over_changes_nothing()
    {
        var program = _folder.Add("p.wat", Programs.Of("(call $sleep (i64.const 1_000_000))"));

        Assert.Equal((0, "", ""), _folder.Run("run", "--timeout", "1h", program));
    }

    [Theory]
    [InlineData(1_000, 134, "trap: out of fuel\n  at _start")]
    [InlineData(1_000_000, 0, "")]
    public void Fuel_is_a_number_of_instructions(long fuel, int expected, string problem)
    {
        var program = _folder.Add("p.wat", Programs.Of("(local $i i32) (loop (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10_000))))"));

        var (exitCode, output, error) = _folder.Run("run", "--fuel", $"{fuel}", program);

        Assert.Equal((expected, ""), (exitCode, output));
        Assert.Contains(problem, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Memories_do_not_grow_beyond_their_limit()
    {
        var program = _folder.Add("p.wat", Programs.Of("(call $exit (i32.add (memory.grow (i32.const 15)) (i32.const 1)))"));

        Assert.Equal(2, _folder.Run("run", "--max-memory", "1M", program).ExitCode);
        Assert.Equal(0, _folder.Run("run", "--max-memory", "1023K", program).ExitCode);
        var (exitCode, _, error) = _folder.Run("run", "--max-memory", "65535", program);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("fermata: ~/p.wat: the store's limiter refuses 65536 bytes of memory", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_of_a_library_finds_it_initialized()
    {
        var library = _folder.Add("l.wat", """
            (module
              (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
              (global $base (mut i32) (i32.const 0))
              (func (export "_initialize") (global.set $base (i32.add (global.get $base) (i32.const 40))))
              (func (export "add") (param i32) (result i32) (drop (call $yield)) (i32.add (global.get $base) (local.get 0))))
            """);

        Assert.Equal((0, "42\n", ""), _folder.Run("run", "--invoke", "add", library, "2"));
        Assert.Equal((0, "", ""), _folder.Run("run", "--invoke", "_initialize", library));
    }

    [Fact]
    public void A_function_of_a_program_is_called_without_its_start()
    {
        var program = _folder.Add("p.wat", Programs.Of("unreachable) (func (export \"_initialize\") unreachable) (func (export \"f\") (result i32) (i32.const 7)"));

        Assert.Equal((0, "7\n", ""), _folder.Run("run", "--invoke", "f", program));
    }

    [Fact]
    public void Arguments_that_no_program_can_get_are_wrong_usage()
    {
        var module = _folder.Add("m.wat", "(func (export \"f\"))");

        var (exitCode, output, error) = _folder.Run("run", module, "--invoke", "f");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("fermata: unexpected argument '--invoke': ~/m.wat imports no WASI, ", error, StringComparison.Ordinal);
        Assert.EndsWith("fermata run --invoke NAME FILE ARGS.\nTry 'fermata run --help'.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_import_that_is_none_of_WASI_is_named_with_what_to_do()
    {
        var program = _folder.Add("p.wat", Programs.Of("(call $f)", "(import \"env\" \"f\" (func $f))"));

        var (exitCode, _, error) = _folder.Run("run", program);

        Assert.Equal(1, exitCode);
        Assert.Contains("unknown import \"env\" \"f\"", error, StringComparison.Ordinal);
        Assert.Contains("`fermata run` defines WASI preview 1", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_may_have_threads()
    {
        var program = _folder.Add("p.wat", """
            (module
              (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
              (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
              (import "env" "memory" (memory 1 1 shared))
              (func (export "_start")
                (drop (call $spawn (i32.const 42)))
                (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))
                (unreachable))
              (func (export "wasi_thread_start") (param $thread i32) (param $argument i32)
                (call $exit (local.get $argument))))
            """);

        Assert.Equal((42, "", ""), _folder.Run("run", program));
    }
}
