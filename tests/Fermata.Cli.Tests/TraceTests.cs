using System.Text.Json;

namespace Fermata.Cli.Tests;

/// <summary><c>fermata run --trace</c>. Whatever else the process runs meanwhile is in the trace, too, so nothing else does.</summary>
[Collection(nameof(TraceTests))]
[CollectionDefinition(nameof(TraceTests), DisableParallelization = true)]
public sealed class TraceTests : IDisposable
{
    private const string Waiting = """
        (module $sleeper
          (memory 1 1 shared)
          (func (export "doze") (param i32) (result i32)
            (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 20000000)))
            (i32.div_s (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 1000000)) (local.get 0))))
        """;

    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_timeline_shows_when_a_call_ran_and_when_it_waited()
    {
        var module = _folder.Add("sleeper.wat", Waiting);

        Assert.Equal((0, "2\n", ""), _folder.Run("run", "--invoke", "doze", "--trace", _folder["trace.json"], module, "1"));

        var slices = Slices();
        Assert.Contains(slices, slice => IsOf(slice, "compile"));
        Assert.Contains(slices, slice => IsOf(slice, "instantiate"));
        var lane = slices.First(slice => IsOf(slice, "call doze")).GetProperty("tid").GetInt64();
        var calls = slices.Where(slice => slice.GetProperty("tid").GetInt64() == lane).ToList();
        string[] turns = ["call doze", "wait for memory.atomic.wait"];
        Assert.Equal([.. turns, .. turns, "call doze"], calls.Select(slice => slice.GetProperty("name").GetString()));
        for (var i = 1; i < calls.Count; i++)
            Assert.True(Start(calls[i]) >= Start(calls[i - 1]) + calls[i - 1].GetProperty("dur").GetDouble() - 0.5);
        Assert.Equal("sleeper", calls[0].GetProperty("args").GetProperty("fermata.module").GetString());
    }

    [Fact]
    public void The_timeline_shows_when_a_program_waited()
    {
        var program = _folder.Add("p.wat", Programs.Of("(call $sleep (i64.const 20000000))"));

        Assert.Equal((0, "", ""), _folder.Run("run", "--trace", _folder["trace.json"], program));

        var slices = Slices();
        Assert.Contains(slices, slice => IsOf(slice, "call _start"));
        Assert.Contains(slices, slice => IsOf(slice, "wait for wasi_snapshot_preview1.poll_oneoff"));
    }

    [Fact]
    public void A_run_that_fails_leaves_a_whole_file_that_tells_why()
    {
        var module = _folder.Add("sleeper.wat", Waiting);

        Assert.Equal(134, _folder.Run("run", "--invoke", "doze", "--trace", _folder["trace.json"], module, "0").ExitCode);

        var last = Slices().Last(slice => IsOf(slice, "call doze"));
        Assert.StartsWith("integer divide by zero", last.GetProperty("args").GetProperty("error.message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_that_cannot_be_written_is_an_error()
    {
        var module = _folder.Add("sleeper.wat", Waiting);

        var (exitCode, output, error) = _folder.Run("run", "--invoke", "doze", "--trace", _folder["nowhere/trace.json"], module, "1");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.StartsWith("fermata: ~/nowhere/trace.json: ", error, StringComparison.Ordinal);
    }

    private List<JsonElement> Slices()
    {
        using var trace = JsonDocument.Parse(File.ReadAllBytes(_folder["trace.json"]));
        return [.. trace.RootElement.Clone().EnumerateArray().Where(item => item.GetProperty("ph").GetString() == "X")];
    }

    private static bool IsOf(JsonElement slice, string name) => slice.GetProperty("name").GetString() == name;

    private static double Start(JsonElement slice) => slice.GetProperty("ts").GetDouble();
}
