using System.IO.Pipelines;

namespace Fermata.Emscripten.Tests;

/// <summary>CPython 3.14 as npm has it, with nothing in Fermata.Emscripten that knows Python.</summary>
public sealed class PyodideTests
{
    [NpmTheory(IsHeavy = true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunsScripts(bool suspendsEverywhere)
    {
        await using var python = await Pyodide.StartAsync(suspendsEverywhere);
        Assert.True(await python.RunAsync(
            """
            import json, re, hashlib, sys
            print(sys.platform, sys.version_info[:2], json.dumps({"a": [1, 2]}), re.sub("a+", "b", "caat"), hashlib.sha256(b"x").hexdigest()[:8])
            """));
        Assert.Equal("""emscripten (3, 14) {"a": [1, 2]} cbt 2d711642""" + "\n", python.Output);
    }

    [NpmFact]
    public async Task RunsASqliteDatabaseAndAnEventLoop()
    {
        await using var python = await Pyodide.StartAsync(suspendsEverywhere: false);
        Assert.True(await python.RunAsync("import sqlite3\nprint(sqlite3.connect(':memory:').execute('select 6 * 7').fetchall())"));
        Assert.True(await python.RunAsync(
            """
            import asyncio, time
            async def work(n):
                await asyncio.sleep(0.01 * (3 - n))
                return n
            async def main():
                print(await asyncio.gather(*(work(n) for n in range(3))))
            class Loop(asyncio.base_events.BaseEventLoop):
                _selector = property(lambda self: self)
                def select(self, timeout):
                    time.sleep(timeout or 0)
                    return []
                def _process_events(self, events):
                    pass
            Loop().run_until_complete(main())
            """));
        Assert.Equal("[(42,)]\n[0, 1, 2]\n", python.Output);
    }

    [NpmFact]
    public async Task ExceptionsHaveTracebacksAndTheNextScriptRuns()
    {
        await using var python = await Pyodide.StartAsync(suspendsEverywhere: false);
        Assert.False(await python.RunAsync("def f():\n  return 1 / 0\nf()"));
        Assert.Contains("line 2, in f\nZeroDivisionError: division by zero\n", python.Output, StringComparison.Ordinal);
        Assert.True(await python.RunAsync("print('goes on')"));
        Assert.EndsWith("goes on\n", python.Output, StringComparison.Ordinal);
    }

    [NpmFact]
    public async Task EndlessRecursionIsARecursionErrorAlsoThroughFunctionsOfC()
    {
        await using var python = await Pyodide.StartAsync(suspendsEverywhere: false);
        Assert.True(await python.RunAsync(
            """
            class Nested:
                def __repr__(self):
                    return repr(self)
            try:
                repr(Nested())
            except RecursionError as e:
                print('RecursionError')
            """));
        Assert.Equal("RecursionError\n", python.Output);
    }

    [NpmTheory(IsHeavy = true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InputWaitsForALine(bool suspendsEverywhere)
    {
        var pipe = new Pipe();
        await using var python = await Pyodide.StartAsync(suspendsEverywhere, pipe.Reader);
        var running = python.RunAsync("print('hello', input())");
        Assert.False(running.IsCompleted);
        await pipe.Writer.WriteAsync("from a pipe\n"u8.ToArray());
        Assert.True(await running);
        Assert.Equal("hello from a pipe\n", python.Output);
    }

    [NpmFact]
    public async Task ReadsAndWritesFiles()
    {
        await using var python = await Pyodide.StartAsync(suspendsEverywhere: false);
        Assert.True(await python.RunAsync(
            """
            import os, tempfile, shutil
            d = tempfile.mkdtemp()
            p = os.path.join(d, 'a')
            with open(p, 'w') as f:
                f.write('written')
            os.symlink(p, d + '/link')
            print(open(d + '/link').read(), sorted(os.listdir(d)), os.path.getsize(p), os.path.realpath(d + '/link') == p, os.access(p, os.X_OK))
            os.chmod(p, 0o755)
            print(oct(os.stat(p).st_mode), os.access(p, os.X_OK))
            os.chdir(d)
            print(os.getcwd() == d, os.path.exists('a'), len(open('/dev/urandom', 'rb').read(8)), open('/dev/null').read() == '')
            shutil.rmtree(d)
            print(os.path.exists(d))
            """));
        Assert.Equal("written ['a', 'link'] 7 True False\n0o100755 True\nTrue True 8 True\nFalse\n", python.Output);
    }

    [NpmTheory(IsHeavy = true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FunctionsOfPythonThatCCallsBackWait(bool suspendsEverywhere)
    {
        var pipe = new Pipe();
        await using var python = await Pyodide.StartAsync(suspendsEverywhere, pipe.Reader);
        var running = python.RunAsync(
            """
            import ctypes
            library = ctypes.CDLL(None)
            Compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
            lines = []
            @Compare
            def compare(a, b):
                if len(lines) < 2:
                    lines.append(input())
                return a[0] - b[0]
            values = (ctypes.c_int * 5)(3, 1, 5, 2, 4)
            library.qsort(values, 5, 4, compare)
            print(list(values), lines)
            double = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_longlong, ctypes.c_byte)(lambda a, b, c: a * b + c)
            print(double(0.5, 1 << 40, -3))
            """);
        foreach (var line in new[] { "first\n", "second\n" })
        {
            Assert.False(running.IsCompleted, running.Exception?.ToString() ?? python.Output);
            await pipe.Writer.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line));
        }

        Assert.True(await running, python.Output);
        Assert.Equal("[1, 2, 3, 4, 5] ['first', 'second']\n549755813885.0\n", python.Output);
    }
}
