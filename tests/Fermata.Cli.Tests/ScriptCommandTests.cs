namespace Fermata.Cli.Tests;

public sealed class ScriptCommandTests : IDisposable
{
    private const string Passing = """
        (module (func $f (export "f") (param i32) (result i32)
          (if (result i32) (local.get 0) (then (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1))))) (else (i32.const 0)))))
        (assert_return (invoke "f" (i32.const 3)) (i32.const 3))
        (assert_return (invoke "f" (i32.const 0)) (i32.const 0))
        """;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData]
    [InlineData("--suspend-everywhere")]
    [InlineData("--bounds-checks", "explicit")]
    [InlineData("--round-trip", "binary")]
    [InlineData("--round-trip", "folded")]
    [InlineData("--round-trip", "flat")]
    [InlineData("--round-trip", "merged")]
    public void Assertions_are_counted_in_the_last_line(params string[] options) =>
        Assert.Equal((0, "2 passed, 0 failed, 0 skipped\n", ""), _folder.Run(["wast", _folder.Add("a.wast", Passing), .. options]));

    [Theory]
    [InlineData]
    [InlineData("--suspend-everywhere", "--split-everywhere")]
    [InlineData("--persisted")]
    public void Snapshots_are_counted_in_the_line_before(params string[] options) =>
        Assert.Equal(
            (0, "5 snapshots of 2 calls, 0 calls without\n2 passed, 0 failed, 0 skipped\n", ""),
            _folder.Run(["wast", _folder.Add("a.wast", Passing), "--snapshot-everywhere", .. options]));

    [Fact]
    public void What_no_snapshot_can_have_is_told()
    {
        var script = _folder.Add("a.wast", """
            (module $m (memory (export "shared") 1 1 shared))
            (thread $T (shared (module $m))
              (register "m" $m)
              (module (memory (import "m" "shared") 1 1 shared) (func (export "f") (loop)))
              (assert_return (invoke "f")))
            (wait $T)
            """);

        var (exitCode, output, _) = _folder.Run("wast", script, "--snapshot-everywhere");

        Assert.Equal(0, exitCode);
        Assert.EndsWith(
            "a.wast: 1 call without a snapshot: A snapshot cannot have a shared memory (instance 0) that another store uses, or that the host has made: other threads change it meanwhile.\n"
            + "0 snapshots of 1 calls, 1 calls without\n1 passed, 0 failed, 0 skipped\n",
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_fails_has_a_line_with_its_place()
    {
        var script = _folder.Add("a.wast", Passing + "\n(assert_return (invoke \"f\" (i32.const 1)) (i32.const 2))");

        var (exitCode, output, _) = _folder.Run("wast", script);

        Assert.Equal(1, exitCode);
        Assert.EndsWith("a.wast:5: assert_return: expected (i32.const 2), got i32:1\n2 passed, 1 failed, 0 skipped\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_script_fails_and_the_others_run()
    {
        var broken = _folder.Add("a.wast", "(modul)");
        var script = _folder.Add("b.wast", Passing);

        var (exitCode, output, _) = _folder.Run("wast", broken, script);

        Assert.Equal(1, exitCode);
        Assert.Contains("a.wast:1: column 2: not a script: ", output, StringComparison.Ordinal);
        Assert.EndsWith("\n2 passed, 1 failed, 0 skipped\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void All_scripts_in_a_folder_run()
    {
        _folder.Add("x/a.wast", Passing);
        _folder.Add("x/y/b.wast", Passing);

        Assert.Equal((0, "4 passed, 0 failed, 0 skipped\n", ""), _folder.Run("wast", _folder["x"]));
    }

    [Fact]
    public void A_script_of_the_suite_that_makes_fewer_assertions_than_it_should_fails()
    {
        _folder.Add("MANIFEST.tsv", "core/a.wast\t3\n");
        _folder.Add("core/a.wast", Passing);

        var (exitCode, output, _) = _folder.Run("wast", _folder["core"]);

        Assert.Equal(1, exitCode);
        Assert.EndsWith("a.wast:1: the manifest counts 3 assertions, found 2\n2 passed, 1 failed, 0 skipped\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_with_nothing_is_an_error()
    {
        Assert.Equal(1, _folder.Run("wast", _folder["none"]).ExitCode);
        Assert.EndsWith("none: there is no such file or folder.\n", _folder.Run("wast", _folder["none"]).Error, StringComparison.Ordinal);
        Assert.EndsWith(": there are no scripts (*.wast) in this folder.\n", _folder.Run("wast", _folder[""]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_that_cannot_be_read_is_an_error_with_its_line()
    {
        _folder.Add("MANIFEST.tsv", "core/a.wast\t2\ncore/b.wast\n");

        var (exitCode, _, error) = _folder.Run("wast", _folder.Add("core/a.wast", Passing));

        Assert.Equal(1, exitCode);
        Assert.EndsWith("MANIFEST.tsv:2: expected a path, a tab and a number of assertions.\n", error, StringComparison.Ordinal);
    }
}
