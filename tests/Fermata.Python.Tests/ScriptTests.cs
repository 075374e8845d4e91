using System.IO.Pipelines;
using System.Numerics;

namespace Fermata.Python.Tests;

/// <summary>Scripts: their results, output, input and exceptions.</summary>
[Collection(nameof(Interpreters))]
public sealed class ScriptTests
{
    [NpmFact]
    public async Task ResultsAreValuesOfDotNet()
    {
        var python = await Interpreters.SharedAsync();
        Assert.Equal(42, python.Evaluate<int>("6 * 7"));
        Assert.Equal(-5L, python.Evaluate<long>("-5"));
        Assert.Equal(BigInteger.Pow(2, 100), python.Evaluate<BigInteger>("2 ** 100"));
        Assert.Equal(-BigInteger.Pow(2, 100), python.Evaluate<BigInteger>("-2 ** 100"));
        Assert.Equal(long.MinValue, python.Evaluate<long>("-2 ** 63"));
        Assert.Equal(0.5, python.Evaluate<double>("1 / 2"));
        Assert.True(python.Evaluate<bool>("1 < 2"));
        Assert.Equal("aé€😀\ud800", python.Evaluate<string>(@"'aé€😀\ud800'"));
        Assert.Null(python.Evaluate<string?>("None"));
        Assert.Null(python.Evaluate<int?>("None"));
        Assert.Equal([1, 2.5, 3], python.Evaluate<List<double>>("[1, 2.5, 3]"));
        Assert.Equal([1, 2], python.Evaluate<int[]>("(1, 2)"));
        Assert.Equal(new Dictionary<string, int[]> { ["a"] = [1], ["b"] = [] }, python.Evaluate<Dictionary<string, int[]>>("{'a': [1], 'b': []}"));
        Assert.Equal([1, 2], python.Evaluate<HashSet<int>>("{1, 2}").Order());
        Assert.Equal([0, 255], python.Evaluate<byte[]>(@"b'\0\xff'"));
    }

    [NpmFact]
    public async Task ValuesOfOtherTypesAreRefused()
    {
        var python = await Interpreters.SharedAsync();
        Assert.Equal("A value of Python's type str is no Int32.", Assert.Throws<InvalidCastException>(() => python.Evaluate<int>("'1'")).Message);
        Assert.Equal("A value of Python's type float is no Int32.", Assert.Throws<InvalidCastException>(() => python.Evaluate<int>("1.0")).Message);
        Assert.Equal("300 is outside of the range of Byte.", Assert.Throws<InvalidCastException>(() => python.Evaluate<byte>("300")).Message);
        Assert.Equal("None is no Int32.", Assert.Throws<InvalidCastException>(() => python.Evaluate<int>("None")).Message);
        Assert.Equal("A value of Python's type function is no String.", Assert.Throws<InvalidCastException>(() => python.Evaluate<string>("lambda: 1")).Message);
    }

    [NpmFact]
    public async Task AnExceptionHasItsTypeAndTraceback()
    {
        var python = await Interpreters.SharedAsync();
        var exception = Assert.Throws<PythonException>(() => python.Run("def f():\n  return 1 / 0\nf()"));
        Assert.Equal("ZeroDivisionError", exception.Type);
        Assert.Equal("ZeroDivisionError: division by zero", exception.Message);
        Assert.Contains("line 2, in f\nZeroDivisionError: division by zero\n", exception.Traceback, StringComparison.Ordinal);
        Assert.Null(exception.InnerException);
        Assert.Equal(2, python.Evaluate<int>("1 + 1"));
        Assert.Equal("SyntaxError", Assert.Throws<PythonException>(() => python.Run("def")).Type);
        Assert.Equal("ModuleNotFoundError", Assert.Throws<PythonException>(() => python.Import("nothing_of_this_name")).Type);
    }

    [NpmFact]
    public async Task StreamsAndArgumentsAreThoseOfTheHost()
    {
        var (input, output, error) = (new Pipe(), new StringWriter(), new StringWriter());
        var host = new PythonHost().WithInput(input.Reader).WithOutput(output).WithError(error).WithProgramName("script.py").WithArguments("a", "b c").WithEnvironment("NAME", "value");
        await using var python = await Interpreters.StartAsync(host);
        python.Run("import os, sys\nprint(sys.argv, os.environ['NAME'], sys.platform)\nprint('wrong', file=sys.stderr)");
        Assert.Equal("['script.py', 'a', 'b c'] value emscripten\n", output.ToString());
        Assert.Equal("wrong\n", error.ToString());

        var line = python.EvaluateAsync<string>("input('name? ')");
        Assert.False(line.IsCompleted);
        await input.Writer.WriteAsync("somebody\n"u8.ToArray());
        Assert.Equal("somebody", await line);
        Assert.EndsWith("name? ", output.ToString(), StringComparison.Ordinal);
    }

    [NpmFact]
    public async Task AnEndlessLoopIsInterrupted()
    {
        var python = await Interpreters.SharedAsync();
        using var interrupt = new Timer(_ => python.Interrupt(), null, TimeSpan.FromMilliseconds(300), Timeout.InfiniteTimeSpan);
        var exception = Assert.Throws<PythonException>(() => python.Run("while True: pass"));
        Assert.Equal("KeyboardInterrupt", exception.Type);
        Assert.Equal(3, python.Evaluate<int>("1 + 2"));
    }

    [NpmFact]
    public async Task EndlessRecursionAndTooMuchMemoryAreExceptionsOfPython()
    {
        var python = await Interpreters.SharedAsync();
        Assert.Equal("RecursionError", Assert.Throws<PythonException>(() => python.Run("def f(n): return f(n + 1)\nf(0)")).Type);
        Assert.Equal("RecursionError", Assert.Throws<PythonException>(() => python.Run("class C:\n  def __repr__(self): return repr(self)\nrepr(C())")).Type);
        Assert.Equal("MemoryError", Assert.Throws<PythonException>(() => python.Run("x = bytearray(2 ** 31 - 1)\ny = bytearray(2 ** 31 - 1)\nz = bytearray(2 ** 31 - 1)")).Type);
        Assert.Equal(3, python.Evaluate<int>("1 + 2"));
    }

    [NpmFact]
    public async Task AMainProgramEndsAsPythonHasIt()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        await using var python = await Interpreters.StartAsync(new PythonHost().WithOutput(output).WithError(error));
        Assert.Equal(0, await python.RunMainAsync("import asyncio\nasync def f():\n  await asyncio.sleep(0.01)\n  return 'done'\nprint(asyncio.run(f()))"));
        Assert.Equal("done\n", output.ToString());
        Assert.Equal(3, await python.RunMainAsync("import sys\nsys.exit(3)"));
        Assert.Equal(1, await python.RunMainAsync("sys.exit('wrong')"));
        Assert.Equal("wrong\n", error.ToString());
        error.GetStringBuilder().Clear();
        Assert.Equal(1, await python.RunMainAsync("def f():\n  return 1 / 0\nf()", "script.py"));
        Assert.StartsWith("Traceback (most recent call last):\n  File \"script.py\", line 3, in <module>\n    f()\n", error.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("ZeroDivisionError: division by zero\n", error.ToString(), StringComparison.Ordinal);
    }

    [NpmTheory]
    [InlineData("while True: pass")]
    [InlineData("import time\ntime.sleep(60)")]
    public async Task AMainProgramIsInterruptedWhereverItIs(string source)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var python = await Interpreters.StartAsync(new PythonHost().Expose("started", () => { started.SetResult(); }));
        using var cancellation = new CancellationTokenSource();
        var running = Task.Run(() => python.RunMainAsync("from host import started\nstarted()\n" + source, cancellationToken: cancellation.Token));
        await started.Task.WaitAsync(TimeSpan.FromMinutes(5));
        await Task.Delay(100);
        await cancellation.CancelAsync();
        Assert.Equal(130, await running);
        Assert.Equal(2, python.Evaluate<int>("1 + 1"));
    }

    [NpmFact]
    public async Task AMainProgramIsInterruptedAsOftenAsItCatchesThat()
    {
        const string Source = """
            import sys, time
            from host import interrupt
            def caught(wait):
                try:
                    interrupt()
                    wait()
                except KeyboardInterrupt:
                    return 1
            sys.exit(sum(caught(lambda: time.sleep(60)) for _ in range(20)) + sum(caught(input) for _ in range(20)))
            """;
        PythonRuntime? python = null;
        var error = new StringWriter();
        await using (python = await Interpreters.StartAsync(new PythonHost().WithInput(new Pipe().Reader).WithError(error).Expose("interrupt", () => { python!.Interrupt(); })))
            Assert.Equal((40, ""), (await python.RunMainAsync(Source).WaitAsync(TimeSpan.FromMinutes(5)), error.ToString()));
    }

    [NpmFact]
    public async Task AModuleIsAMainProgram()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        await using var python = await Interpreters.StartAsync(new PythonHost().WithOutput(output).WithError(error).WithProgramName("-m").WithArguments("2026", "2"));
        Assert.Equal(0, await python.RunModuleAsync("calendar"));
        Assert.StartsWith("   February 2026\nMo Tu We Th Fr Sa Su\n                   1\n", output.ToString(), StringComparison.Ordinal);
        Assert.Equal("/lib/python314.zip/calendar.pyc", python.Evaluate<string>("__import__('sys').argv[0]"));
        Assert.Equal(1, await python.RunModuleAsync("nothing_of_this_name"));
        Assert.EndsWith("No module named nothing_of_this_name\n", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>As Ctrl-C does: the line that is read ends, too.</summary>
    [NpmFact]
    public async Task APromptIsInterruptedWhereItReadsALine()
    {
        // An interrupt that comes while Python begins to wait may be lost in C code of Pyodide, which ends the prompt.
        const int Times = 30, MostAttempts = 5;
        for (var attempt = 1; ; attempt++)
        {
            var (output, error, count) = (new StringWriter(), new StringWriter(), 0);
            PythonRuntime? python = null;
            await using (python = await Interpreters.StartAsync(new PythonHost().WithOutput(output).WithError(error)))
            {
                var exitCode = await python.RunPromptAsync(readLine: async _ =>
                {
                    await Task.Yield();
                    if (++count > Times)
                        return count == Times + 1 ? "print('alive')" : null;
                    python.Interrupt();
                    return "";
                }).WaitAsync(TimeSpan.FromMinutes(5));
                if (exitCode != 0 && attempt < MostAttempts)
                    continue;
                Assert.True(exitCode == 0, $"{exitCode}: {error}");
            }

            Assert.Equal("alive\n", output.ToString());
            Assert.Equal(string.Concat(Enumerable.Repeat("\nKeyboardInterrupt\n", Times)), error.ToString().TrimEnd('\n') + '\n');
            return;
        }
    }

    [NpmFact]
    public async Task APromptReadsLinesFromTheHost()
    {
        var (output, error, prompts) = (new StringWriter(), new StringWriter(), new List<string>());
        var lines = new Queue<string?>(["x = 6", "for y in 7, 8:", "  x * y", "", "import asyncio", "await asyncio.sleep(0.01, 'slept')", "1 / 0", "def", "raise KeyboardInterrupt", null]);
        await using var python = await Interpreters.StartAsync(new PythonHost().WithOutput(output).WithError(error));
        Assert.Equal(0, await python.RunPromptAsync("hello", async prompt =>
        {
            await Task.Yield();
            prompts.Add(prompt);
            return lines.Dequeue();
        }));
        Assert.Equal([">>> ", ">>> ", "... ", "... ", ">>> ", ">>> ", ">>> ", ">>> ", ">>> ", ">>> "], prompts);
        Assert.Equal("42\n48\n'slept'\n", output.ToString());
        Assert.Equal(
            """
            hello
            Traceback (most recent call last):
              File "<stdin>", line 1, in <module>
            ZeroDivisionError: division by zero
              File "<stdin>", line 1
                def
            SyntaxError: invalid syntax
            Traceback (most recent call last):
              File "<stdin>", line 1, in <module>
            KeyboardInterrupt


            """.ReplaceLineEndings("\n"),
            error.ToString());
        Assert.Equal(6, python.Evaluate<int>("x"));
        Assert.Equal(3, await python.RunPromptAsync(readLine: _ => Task.FromResult<string?>("exit(3)")));
    }
}
