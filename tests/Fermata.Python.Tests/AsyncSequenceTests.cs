using System.Runtime.CompilerServices;

namespace Fermata.Python.Tests;

/// <summary>Asynchronous sequences of .NET in Python, and those of Python in .NET.</summary>
[Collection(nameof(Interpreters))]
public sealed class AsyncSequenceTests
{
    private int _closed;

    [NpmFact]
    public async Task PythonGoesOverAnAsynchronousSequence()
    {
        await using var python = await Interpreters.StartAsync(new PythonHost().Expose("count", (int end) => CountAsync(end)).Expose("words", () => WordsAsync()));
        await python.RunAsync("""
            from host import count, words
            numbers = [n async for n in count(4)]
            text = ''.join([word async for word in words()])
            first = count(3)
            iterator = aiter(first)
            two = [await anext(iterator), await anext(iterator)]
            rest = [n async for n in iterator]
            end = await anext(iterator, 'end')
            """);
        Assert.Equal([0, 1, 2, 3], python.Globals["numbers"].As<int[]>());
        Assert.Equal("onetwo", python.Globals["text"].As<string>());
        Assert.Equal([0, 1], python.Globals["two"].As<int[]>());
        Assert.Equal([2], python.Globals["rest"].As<int[]>());
        Assert.Equal("end", python.Globals["end"].As<string>());
        Assert.Equal(2, _closed);
    }

    [NpmFact]
    public async Task StepsThatAreAskedForAtOnceFollowEachOther()
    {
        await using var python = await Interpreters.StartAsync(new PythonHost().Expose("count", (int end) => CountAsync(end)));
        var numbers = await python.EvaluateAsync<int[]>("""
            import asyncio
            from host import count
            iterator = aiter(count(4))
            await asyncio.gather(*[anext(iterator) for _ in range(4)])
            """);
        Assert.Equal([0, 1, 2, 3], numbers);
    }

    [NpmFact]
    public async Task ExceptionsOfASequenceAreRaisedWhereItIsWaitedFor()
    {
        await using var python = await Interpreters.StartAsync(new PythonHost().Expose("count", (int end) => CountAsync(end, failsAt: 2)));
        Assert.Equal("[0, 1] it broke at 2", await python.EvaluateAsync<string>("""
            from host import count
            async def collect():
                seen = []
                try:
                    async for n in count(5):
                        seen.append(n)
                except Exception as e:
                    return f'{seen} {e.message}'
            await collect()
            """));
        Assert.Equal(1, _closed);
    }

    [NpmFact]
    public async Task DotNetGoesOverAnAsynchronousGenerator()
    {
        var python = await Interpreters.SharedAsync();
        python.Run("""
            import asyncio
            closed = []
            async def generate(n, fails=False):
                try:
                    for i in range(n):
                        await asyncio.sleep(0)
                        if fails and i == 2:
                            raise ValueError('no more')
                        yield i
                finally:
                    closed.append(n)
            """);
        var seen = new List<int>();
        await foreach (var item in python.Evaluate<PythonObject>("generate(4)").ItemsAsync())
            seen.Add(item.As<int>());
        Assert.Equal([0, 1, 2, 3], seen);
        await foreach (var item in python.Evaluate<PythonObject>("generate(5)").ItemsAsync())
        {
            if (item.As<int>() == 1)
                break;
        }

        Assert.Equal([4, 5], python.Globals["closed"].As<int[]>());
        seen.Clear();
        var failure = await Assert.ThrowsAsync<PythonException>(async () =>
        {
            await foreach (var item in python.Evaluate<PythonObject>("generate(6, fails=True)").ItemsAsync())
                seen.Add(item.As<int>());
        });
        Assert.Equal(("ValueError", "0, 1"), (failure.Type, string.Join(", ", seen)));
        Assert.Equal("AttributeError", (await Assert.ThrowsAsync<PythonException>(async () =>
        {
            await foreach (var _ in python.Evaluate<PythonObject>("[1]").ItemsAsync())
            {
            }
        })).Type);
    }

    private async IAsyncEnumerable<int> CountAsync(int end, int failsAt = -1, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (var i = 0; i < end; i++)
            {
                await Task.Delay(1, cancellationToken);
                yield return i == failsAt ? throw new InvalidOperationException($"it broke at {i}") : i;
            }
        }
        finally
        {
            _closed++;
        }
    }

    private static async IAsyncEnumerable<string> WordsAsync()
    {
        await Task.Yield();
        yield return "one";
        yield return "two";
    }
}
