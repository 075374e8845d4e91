namespace Fermata.Cli.Tests;

/// <summary><c>fermata run</c> as a process: its standard streams, signals and exit codes.</summary>
public sealed class ProcessTests : IDisposable
{
    private const int EPIPE = 64;

    /// <summary>Writes lines without end; exits with the error when it cannot.</summary>
    private const string Yes = "(local $error i32) (i32.store (i32.const 1024) (i32.const 0x0a790a79)) (loop (br_if 0 (i32.eqz "
        + "(local.tee $error (call $write (i32.const 1) (i32.const 1024) (i32.const 4)))))) (call $exit (local.get $error))";

    /// <summary>Writes what it reads, as it comes.</summary>
    private const string Cat = "(local $count i32) (loop (if (local.tee $count (call $read (i32.const 1024) (i32.const 4096))) (then "
        + "(drop (call $write (i32.const 1) (i32.const 1024) (local.get $count))) (br 1))))";

    /// <summary>Tells that it runs.</summary>
    private const string Ready = "(i32.store8 (i32.const 1024) (i32.const 33)) (drop (call $write (i32.const 1) (i32.const 1024) (i32.const 1)))";

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_program_whose_output_nobody_reads_any_more_is_told()
    {
        using var process = CliProcess.Start("run", Add(Yes));

        Assert.Equal("y\ny\n"u8.ToArray(), await process.ReadAsync(4));
        process.Output.Close();

        Assert.Equal((EPIPE, "", ""), await process.EndAsync(readsOutput: false));
    }

    [Fact]
    public async Task A_command_whose_output_nobody_reads_any_more_ends_quietly()
    {
        _folder.Add("big.wat", $"(module {string.Concat(Enumerable.Repeat("(func nop) ", 20_000))})");
        using var process = CliProcess.StartShell($"($fermata wat '{_folder["big.wat"]}'; echo $? >&2) | head -n 1");

        Assert.Equal((0, "(module\n", "0\n"), await process.EndAsync());
    }

    [Fact]
    public async Task Bytes_of_the_input_come_as_they_are_and_at_once()
    {
        using var process = CliProcess.Start("run", Add(Cat));

        for (var i = 0; i < 256; i += 64)
        {
            byte[] bytes = [.. Enumerable.Range(i, 64).Select(value => (byte)value)];
            await process.Input.WriteAsync(bytes);
            await process.Input.FlushAsync();
            Assert.Equal(bytes, await process.ReadAsync(64));
        }

        process.Input.Close();
        Assert.Equal((0, "", ""), await process.EndAsync());
    }

    [Fact]
    public async Task A_program_leaves_what_it_does_not_read()
    {
        var program = Add("(drop (call $read (i32.const 1024) (i32.const 2))) (drop (call $write (i32.const 1) (i32.const 1024) (i32.const 2)))");
        _folder.Add("input", "abcdef");
        using var process = CliProcess.StartShell($"($fermata run '{program}'; cat) < '{_folder["input"]}'; printf xyz | ($fermata run '{program}'; cat)");

        Assert.Equal((0, "abcdefxyz", ""), await process.EndAsync());
    }

    [Fact]
    public async Task Output_goes_to_where_the_shells_goes()
    {
        var program = Add("(i32.store (i32.const 1024) (i32.const 0x34333231)) " + string.Concat(Enumerable.Range(0, 4).Select(i =>
            $"(drop (call $write (i32.const {1 + i % 2}) (i32.const {1024 + i}) (i32.const 1)))")));
        using var process = CliProcess.StartShell($"(printf 0; $fermata run '{program}'; printf 5) > '{_folder["out"]}' 2>&1");

        Assert.Equal((0, "", ""), await process.EndAsync());
        Assert.Equal("012345", File.ReadAllText(_folder["out"]));
    }

    [Theory]
    [InlineData("INT", 130, "(loop (br 0))")]
    [InlineData("TERM", 143, "(loop (br 0))")]
    [InlineData("INT", 130, "(call $sleep (i64.const 3600_000_000_000))")]
    [InlineData("TERM", 143, "(drop (call $read (i32.const 1024) (i32.const 1)))")]
    public async Task A_signal_ends_a_program_whatever_it_does(string signal, int exitCode, string code)
    {
        using var process = CliProcess.Start("run", Add(Ready + code));

        await process.ReadAsync(1);
        process.Send(signal);

        Assert.Equal((exitCode, "", ""), await process.EndAsync());
    }

    [Fact]
    public async Task A_program_that_nobody_reads_from_can_be_ended()
    {
        using var process = CliProcess.Start("run", "--timeout", "2s", Add(Yes));

        var (exitCode, _, error) = await process.EndAsync(readsOutput: false);

        Assert.Equal(124, exitCode);
        Assert.EndsWith("its time was over (--timeout).\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(call $exit (i32.const 42))", 42)]
    [InlineData("(call $exit (i32.const 300))", 300 & 0xff)]
    [InlineData("unreachable", 134)]
    public async Task The_exit_code_is_the_processs(string code, int expected)
    {
        using var process = CliProcess.Start("run", Add(code));

        Assert.Equal(expected, (await process.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_small_program_does_not_wait_for_libraries_that_it_does_not_need()
    {
        // Where a process says what it has loaded.
        if (!OperatingSystem.IsLinux())
            return;
        using var process = CliProcess.Start("run", "--cache", _folder["cache"], Add(Ready + "(drop (call $read (i32.const 1024) (i32.const 1)))"));

        await process.ReadAsync(1);
        var loaded = await File.ReadAllTextAsync($"/proc/{process.Id}/maps");
        process.Input.Close();
        Assert.Equal(0, (await process.EndAsync()).ExitCode);

        Assert.Contains("Fermata.Wasi.dll", loaded, StringComparison.Ordinal);
        foreach (var library in (string[])["System.Security.Cryptography", "libssl", "System.Net.Sockets", "System.Text.Json", "Fermata.Emscripten", "Fermata.Python"])
            Assert.DoesNotContain(library, loaded, StringComparison.Ordinal);
    }

    private string Add(string code) => _folder.Add("p.wat", Programs.Of(code));
}
