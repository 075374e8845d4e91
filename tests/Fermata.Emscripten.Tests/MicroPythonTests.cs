namespace Fermata.Emscripten.Tests;

public sealed class MicroPythonTests
{
    private const int None = 1, Failed = -1;

    [NpmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunsScripts(bool suspendsEverywhere)
    {
        await using var python = await MicroPython.StartAsync(suspendsEverywhere);
        Assert.Equal(None, await python.RunAsync("import sys\nprint(sys.implementation.name, 6 * 7, sorted([3, 1, 2], key=lambda x: -x), {'a': 1.5})"));
        Assert.Equal("micropython 42 [3, 2, 1] {'a': 1.5}\n", python.Output);
    }

    [NpmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ExceptionsPassCallsThatLongjmpEnds(bool suspendsEverywhere)
    {
        await using var python = await MicroPython.StartAsync(suspendsEverywhere);
        Assert.Equal(None, await python.RunAsync(
            """
            def fail(depth):
                if depth == 0:
                    return 1 // 0
                try:
                    return fail(depth - 1)
                finally:
                    print('left', depth)
            try:
                fail(2)
            except ZeroDivisionError as e:
                print('caught', e)
            """));
        Assert.Equal(Failed, await python.RunAsync("raise ValueError('not caught')"));
        Assert.Equal(None, await python.RunAsync("print('goes on')"));
        Assert.Equal("left 1\nleft 2\ncaught divide by zero\ngoes on\n", python.Output);
    }

    [NpmFact]
    public async Task EndlessRecursionIsAnExceptionOfTheScript()
    {
        await using var python = await MicroPython.StartAsync(suspendsEverywhere: false);
        Assert.Equal(None, await python.RunAsync("def f(n): return f(n + 1)\ntry:\n  f(0)\nexcept RuntimeError as e:\n  print(e)"));
        Assert.Equal("maximum recursion depth exceeded\n", python.Output);
    }

    [NpmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReadsAndWritesFiles(bool suspendsEverywhere)
    {
        var files = new MemoryFileSystem();
        files.AddText("/in.txt", "from the host");
        await using var python = await MicroPython.StartAsync(suspendsEverywhere, host => host.WithDirectory("/data", files));
        Assert.Equal(None, await python.RunAsync(
            """
            import os
            print(open('/data/in.txt').read(), os.listdir('/data'), os.getcwd())
            os.mkdir('/data/made')
            os.chdir('/data/made')
            with open('out.txt', 'w') as f:
                f.write('from the guest')
            print(os.stat('out.txt')[6], os.getcwd())
            try:
                open('/data/none')
            except OSError as e:
                print('errno', e.errno)
            os.rename('out.txt', '../out.txt')
            os.rmdir('/data/made')
            """));
        Assert.Equal("from the host ['in.txt'] /\n14 /data/made\nerrno 44\n", python.Output);
        Assert.Equal("from the guest", files.ReadText("/out.txt"));
        Assert.False(files.Exists("/made"));
    }
}
