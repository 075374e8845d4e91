using System.Text;

namespace Fermata.Python.Tests;

/// <summary>What comes of code in a sandbox.</summary>
public sealed class SandboxTests
{
    private static readonly Lazy<Task<PythonSandbox>> Common = new(() => StartAsync());

    [NpmFact]
    public async Task TheLastLineIsTheResult()
    {
        var sandbox = await Common.Value;
        var result = await sandbox.RunAsync("x = [1, 2.5, 'é', None, True]\n{'list': x, 'tuple': (1,)}");
        Assert.Null(result.Error);
        Assert.Equal("{'list': [1, 2.5, 'é', None, True], 'tuple': (1,)}", result.Text);
        Assert.Equal("""{"list": [1, 2.5, "é", null, true], "tuple": [1]}""", result.Value?.GetRawText());
        Assert.Equal("3", (await sandbox.RunAsync("    y = 1\n    y + 2")).Text);
    }

    [NpmTheory]
    [InlineData("object", "<class 'object'>")]
    [InlineData("float('nan')", "nan")]
    [InlineData("b'a'", "b'a'")]
    [InlineData("'\\ud800'", "'\\ud800'")]
    [InlineData("x = []\nx.append(x)\nx", "[[...]]")]
    [InlineData("'a' * 100_000", null)]
    [InlineData("x = 1\nfor i in range(2000): x = [x]\nx", null)]
    public async Task AValueThatIsNoJsonIsTextAlone(string source, string? text)
    {
        var sandbox = await Common.Value;
        var result = await sandbox.RunAsync(source);
        Assert.Null(result.Value);
        Assert.Null(result.Error);
        if (text is not null)
            Assert.Equal(text, result.Text);
    }

    [NpmTheory]
    [InlineData("")]
    [InlineData("# nothing")]
    [InlineData("x = 1")]
    [InlineData("None")]
    [InlineData("1;")]
    [InlineData("import sys\nsys.exit()")]
    [InlineData("exit(0)")]
    public async Task CodeMayHaveNoResult(string source)
    {
        var result = await (await Common.Value).RunAsync(source);
        Assert.Null(result.Error);
        Assert.Null(result.Text);
        Assert.Null(result.Value);
    }

    [NpmFact]
    public async Task AResultThatIsTooLongIsCut()
    {
        var result = await (await Common.Value).RunAsync("'a' * 100_000");
        Assert.Equal("'" + new string('a', 9_999) + "…", result.Text);
    }

    [NpmFact]
    public async Task OutputIsThatOfTheCall()
    {
        var sandbox = await Common.Value;
        var result = await sandbox.RunAsync("import sys, os\nprint('é')\nprint('wrong', file=sys.stderr)\n_ = os.write(1, b'raw')");
        Assert.Null(result.Error);
        Assert.Equal("é\nraw", result.Output);
        Assert.Equal("wrong\n", result.ErrorOutput);
        Assert.Equal("", (await sandbox.RunAsync("1")).Output);
    }

    [NpmTheory]
    [InlineData("x = 1\ndef f(:\n  pass", PythonErrorKind.Syntax, "SyntaxError", "invalid syntax", 2)]
    [InlineData("if x:\ny", PythonErrorKind.Syntax, "IndentationError", "expected an indented block after 'if' statement on line 1", 2)]
    [InlineData("def f():\n  return 1 / 0\n\nf()", PythonErrorKind.Exception, "ZeroDivisionError", "division by zero", 2)]
    [InlineData("import json\njson.loads('{')", PythonErrorKind.Exception, "JSONDecodeError", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)", 2)]
    [InlineData("import asyncio\nawait asyncio.sleep(0)\n[][0]", PythonErrorKind.Exception, "IndexError", "list index out of range", 3)]
    [InlineData("eval('1 +')", PythonErrorKind.Exception, "SyntaxError", "invalid syntax (<string>, line 1)", 1)]
    [InlineData("import sys\nsys.exit(3)", PythonErrorKind.Exception, "SystemExit", "3", 2)]
    [InlineData("raise KeyboardInterrupt", PythonErrorKind.Exception, "KeyboardInterrupt", "", 1)]
    [InlineData("class E(BaseException):\n  def __str__(self): return 1 / 0\nraise E", PythonErrorKind.Exception, "E", "", 3)]
    [InlineData("raise MemoryError('mine')", PythonErrorKind.Exception, "MemoryError", "mine", 1)]
    [InlineData("def f(): f()\nf()", PythonErrorKind.Exception, "RecursionError", "maximum recursion depth exceeded", 1)]
    [InlineData("class C:\n  def __repr__(self): raise ValueError('no')\nC()", PythonErrorKind.Exception, "ValueError", "no", 2)]
    public async Task AnErrorHasKindTypeMessageAndLine(string source, PythonErrorKind kind, string type, string message, int line)
    {
        var sandbox = await Common.Value;
        var error = (await sandbox.RunAsync(source)).Error;
        Assert.NotNull(error);
        Assert.Equal((kind, type, message, line), (error.Kind, error.Type, error.Message, error.Line));
        Assert.Contains(type, error.Traceback, StringComparison.Ordinal);
        Assert.DoesNotContain("_fermata", error.Traceback, StringComparison.Ordinal);
        Assert.DoesNotContain("in evaluate", error.Traceback, StringComparison.Ordinal);
        Assert.Equal("2", (await sandbox.RunAsync("1 + 1")).Text);
    }

    [NpmFact]
    public async Task ATracebackHasTheLinesOfTheCode()
    {
        await using var sandbox = await StartAsync();
        await sandbox.RunAsync("def f(x):\n  return 1 / x");
        Assert.Equal(
            """
            Traceback (most recent call last):
              File "<run 2>", line 1, in <module>
                f(0)
                ~^^^
              File "<run 1>", line 2, in f
                return 1 / x
                       ~~^~~
            ZeroDivisionError: division by zero

            """,
            (await sandbox.RunAsync("f(0)")).Error?.Traceback);
    }

    [NpmFact]
    public async Task ASessionKeepsVariablesAndFilesUntilItIsReset()
    {
        await using var sandbox = await StartAsync();
        Assert.True((await sandbox.RunAsync("x = 1\n_ = open('a.txt', 'w').write('text')")).IsFirstOfInterpreter);
        var second = await sandbox.RunAsync("x + 1, open('a.txt').read()");
        Assert.Equal("(2, 'text')", second.Text);
        Assert.False(second.IsFirstOfInterpreter);
        await sandbox.ResetAsync();
        var third = await sandbox.RunAsync("import os\n'x' in globals(), os.listdir()");
        Assert.Equal("(False, [])", third.Text);
        Assert.True(third.IsFirstOfInterpreter);
    }

    [NpmFact]
    public async Task WithoutStateEachCallIsTheFirst()
    {
        await using var sandbox = await StartAsync(options: Options with { KeepsState = false });
        await sandbox.RunAsync("import builtins\nbuiltins.x = 1\nopen('a', 'w').close()");
        var second = await sandbox.RunAsync("import os\n'x' in dir(__builtins__), os.listdir()");
        Assert.Equal("(False, [])", second.Text);
        Assert.True(second.IsFirstOfInterpreter);
    }

    [NpmFact]
    public async Task VariablesMayBeNewInEachCallOfAnInterpreter()
    {
        await using var sandbox = await StartAsync(new PythonHost().Expose("one", () => 1), Options with { KeepsVariables = false, Prelude = "two = one() + 1\ndef three(): return two + 1" });
        var first = await sandbox.RunAsync(
            """
            import asyncio, json, pickle, sys
            x, json.x, two = 1, 2, 20
            class C: y = 5
            async def later():
                await asyncio.sleep(0.001)
                json.later = x, three()
            task = asyncio.ensure_future(later())
            open('a.txt', 'w').close()
            pickle.loads(pickle.dumps(C())).y, sys.modules['__main__'].x, __name__
            """);
        Assert.Equal(("(5, 1, '__main__')", null, true), (first.Text, first.Error, first.IsFirstOfInterpreter));
        var second = await sandbox.RunAsync(
            """
            import asyncio, json, os, sys
            from __main__ import one as same
            while not hasattr(json, 'later'): await asyncio.sleep(0.001)
            'x' in globals(), hasattr(sys.modules['__main__'], 'x'), json.x, json.later, os.listdir(), one(), same(), two, three()
            """);
        Assert.Equal(("(False, False, 2, (1, 3), ['a.txt'], 1, 1, 2, 3)", null, false), (second.Text, second.Error, second.IsFirstOfInterpreter));
        Assert.Equal("NameError", (await sandbox.RunAsync("later")).Error?.Type);
    }

    [NpmFact]
    public async Task FilesGoInAndOut()
    {
        await using var sandbox = await StartAsync();
        var first = await sandbox.RunAsync(
            """
            import os
            os.mkdir('out')
            with open('data/in.txt') as f, open('out/copy.txt', 'w') as g:
                g.write(f.read().upper())
            os.symlink('/lib', 'link')
            open('empty', 'w').close()
            """,
            [new PythonFile("data/in.txt", "text"u8.ToArray())]);
        Assert.Null(first.Error);
        Assert.Equal(["empty", "out/copy.txt"], first.Files.Select(file => file.Path));
        Assert.Equal("TEXT", Encoding.UTF8.GetString(first.Files[1].Content.Span));
        Assert.Empty((await sandbox.RunAsync("open('out/copy.txt').read()")).Files);
        var third = await sandbox.RunAsync("f = open('out/copy.txt', 'r+')\n_ = f.write('t')\nf.close()\nos.utime('out/copy.txt', (0, 0))\nos.remove('empty')");
        Assert.Equal("tEXT", Encoding.UTF8.GetString(Assert.Single(third.Files).Content.Span));
        await Assert.ThrowsAsync<IOException>(() => sandbox.RunAsync("1", [new PythonFile("out", default)]));
        Assert.Equal("2", (await sandbox.RunAsync("1 + 1")).Text);
    }

    [NpmFact]
    public async Task FunctionsOfTheHostArePlainAndWait()
    {
        await using var sandbox = await StartAsync(new PythonHost()
            .Expose("load", async Task<int> (int number, CancellationToken token) =>
            {
                await Task.Delay(1, token);
                return number * 2;
            }, waits: true)
            .Expose("list", () => new List<int> { 1, 2 })
            .Expose("fail", async Task () =>
            {
                await Task.Yield();
                throw new InvalidOperationException("not now");
            }, waits: true));
        var result = await sandbox.RunAsync("sum(load(number=i) for i in range(10)), sorted([3, 1, 2], key=load), list()");
        Assert.Null(result.Error);
        Assert.Equal("[90, [1, 2, 3], [1, 2]]", result.Value?.GetRawText());
        var error = (await sandbox.RunAsync("x = 1\nfail()")).Error;
        Assert.Equal("InvalidOperationException: not now", error?.Message);
        Assert.Equal(2, error?.Line);
    }

    [NpmFact]
    public async Task APreludeIsThereInEachInterpreter()
    {
        await using var sandbox = await StartAsync(new PythonHost().Expose("one", () => 1), Options with { Prelude = "def two():\n  return one() + 1" });
        Assert.Equal("2", (await sandbox.RunAsync("two()")).Text);
        await sandbox.ResetAsync();
        Assert.Equal("2", (await sandbox.RunAsync("two()")).Text);
        var exception = await Assert.ThrowsAsync<PythonException>(() => StartAsync(options: Options with { Prelude = "1 / 0" }));
        Assert.Equal("ZeroDivisionError", exception.Type);
    }

    [NpmFact]
    public async Task WaitingIsNotComputing()
    {
        // Time is that of the clock, and this machine may be busy with something else for as long.
        var limit = TimeSpan.FromSeconds(15);
        await using var sandbox = await StartAsync(options: Options with { MaxComputingTime = limit });
        var result = await sandbox.RunAsync("import time, asyncio\ntime.sleep(8)\nawait asyncio.sleep(8)\n'done'");
        Assert.Null(result.Error);
        Assert.True(result.WaitingTime > limit, $"{result.WaitingTime}");
        Assert.InRange(result.ComputingTime, TimeSpan.FromTicks(1), limit);
    }

    [NpmFact]
    public async Task CallsWaitForEachOther()
    {
        await using var sandbox = await StartAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(number => sandbox.RunAsync($"import time\ntime.sleep(0.02)\n{number}")));
        Assert.Equal(["0", "1", "2", "3", "4"], results.Select(result => result.Text));
    }

    [NpmFact]
    public async Task ACallIsCancelled()
    {
        await using var sandbox = await StartAsync();
        using var cancellation = new CancellationTokenSource();
        var running = sandbox.RunAsync("import time\nx = 1\ntime.sleep(1000)", cancellationToken: cancellation.Token);
        await Task.Delay(100);
        await cancellation.CancelAsync();
        Assert.Equal(cancellation.Token, (await Assert.ThrowsAsync<OperationCanceledException>(() => running)).CancellationToken);
        Assert.Equal("2", (await sandbox.RunAsync("1 + 1")).Text);
    }

    [NpmFact]
    public async Task DisposingEndsWhatRuns()
    {
        var sandbox = await StartAsync();
        var running = sandbox.RunAsync("while True: pass");
        await Task.Delay(100);
        await sandbox.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => running);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => sandbox.RunAsync("1"));
    }

    [NpmFact]
    public async Task LimitsMustBeAboveZero()
    {
        var exception = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => StartAsync(options: Options with { MaxWaitingTime = TimeSpan.Zero }));
        Assert.Equal(nameof(PythonSandboxOptions.MaxWaitingTime), exception.ParamName);
        await Assert.ThrowsAsync<ResourceLimitException>(() => StartAsync(options: Options with { MaxMemoryBytes = 1 << 20 }));
    }

    private static PythonSandboxOptions Options { get; } = new() { MaxComputingTime = TimeSpan.FromMinutes(5), MaxWaitingTime = TimeSpan.FromMinutes(5), MaxOutputBytes = 10_000 };

    private static async Task<PythonSandbox> StartAsync(PythonHost? host = null, PythonSandboxOptions? options = null) =>
        await PythonSandbox.StartAsync(await Interpreters.DistributionAsync(), host, options ?? Options);
}
