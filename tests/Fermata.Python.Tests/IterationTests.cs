using System.Runtime.CompilerServices;
using Fermata.Python.Sandboxing;

namespace Fermata.Python.Tests;

/// <summary>Sequences of .NET are generators in Python: they can be closed, and are given back when nobody goes over them any more.</summary>
public sealed class IterationTests
{
    private int _closed;

    [NpmFact]
    public async Task ASequenceIsAGeneratorThatTakesNothing()
    {
        await using var python = await StartAsync();
        python.Run("""
            from collections.abc import Generator
            from contextlib import closing
            it = iter(count(10))
            assert isinstance(it, Generator)
            assert [next(it), it.send(None), it.send('dropped')] == [0, 1, 2]
            assert closed() == 0
            assert it.close() is None and closed() == 1
            assert list(it) == [] and next(it, 'end') == 'end' and it.close() is None and closed() == 1

            it, error = iter(count(10)), ValueError('mine')
            next(it)
            try:
                it.throw(error)
            except ValueError as e:
                assert e is error and closed() == 2
            assert list(it) == []

            with closing(iter(count(10))) as it:
                def all():
                    yield from it
                generator = all()
                next(generator)
                generator.close()
                assert closed() == 3
            assert closed() == 3

            it = iter(count(1))
            assert list(it) == [0] and closed() == 4
            try:
                it.send(None)
                assert False
            except StopIteration: pass

            it = iter(count(10, fails_at=1))
            next(it)
            try:
                next(it)
                assert False
            except Exception as e:
                assert 'it broke' in str(e) and closed() == 5
            assert list(it) == []
            """);
        Assert.Equal(5, _closed);
    }

    [NpmFact]
    public async Task ListsAndDictionariesCanBeClosedToo()
    {
        await using var python = await StartAsync();
        python.Globals.SetItem("items", new List<int> { 1, 2, 3 });
        python.Globals.SetItem("names", new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 });
        Assert.Equal("[1, [], 'a', [], [1, 2]]", python.Evaluate<string>("""
            def first_and_rest(it):
                first = next(it)
                it.close()
                return [first, list(it)]
            str(first_and_rest(iter(items)) + first_and_rest(iter(names)) + [list(names.values())])
            """));
    }

    [NpmTheory]
    [InlineData("for n in count(10): break")]
    [InlineData("next(iter(count(10)))")]
    [InlineData("it = iter(count(10))\nnext(it)\ndel it")]
    [InlineData("zip(range(2), count(10), strict=False).__next__()")]
    [InlineData("def f():\n  for n in count(10): raise ValueError\ntry: f()\nexcept ValueError: pass")]
    [InlineData("a, *_ = [n for n, _ in zip(count(10), range(2))]")]
    public async Task ASequenceThatIsLeftIsGivenBack(string source)
    {
        await using var python = await StartAsync();
        (await python.RunAsync(source)).Dispose();
        await UntilAsync(() => _closed == 1);
        Assert.Equal([0, 1, 2], python.Evaluate<int[]>("list(count(3))"));
        Assert.Equal(2, _closed);
    }

    /// <summary>What the host was asked for itself, rather than for going over it, is the host's to end.</summary>
    [NpmFact]
    public async Task AnEnumeratorOfTheHostIsNotGivenBackWhenItIsLeft()
    {
        await using var python = await StartAsync();
        var enumerator = Enumerate(10);
        python.Expose("one", () => enumerator);
        Assert.Equal([0, 1, 2], python.Evaluate<int[]>("from host import one\n[next(one()), next(one()), one().send(None)]"));
        python.Run("import gc\ngc.collect()");
        Assert.Equal([3, 4], python.Evaluate<int[]>("[n for n, _ in zip(one(), range(2))]"));
        Assert.Equal(0, _closed);
        python.Run("one().close()");
        Assert.Equal(1, _closed);
        Assert.Empty(python.Evaluate<int[]>("list(one())"));
    }

    [NpmFact]
    public async Task WhatAnInterpreterHoldsIsGivenBackAtItsEnd()
    {
        var python = await StartAsync();
        await python.RunAsync("one, two, three = iter(count(10)), iter(count(10)), aiter(count_later(10))\n_ = next(one), next(two), await anext(three)");
        Assert.Equal(0, _closed);
        await python.DisposeAsync();
        await UntilAsync(() => _closed == 3);
    }

    [NpmFact]
    public async Task ASequenceThatFailsWhenItIsGivenBackIsTold()
    {
        var (error, told) = (new BoundedOutput(10_000), "");
        await using var python = await Interpreters.StartAsync(new PythonHost().WithError(error).Expose("fail", () => FailAtEnd()).Expose("fail_later", () => FailAtEndAsync()));
        await python.RunAsync("from host import fail, fail_later\nfor n in fail(): break\nasync for n in fail_later(): break");
        await UntilAsync(() => (told += error.Take()).Split("it broke at its end").Length >= 3);
        Assert.Contains("Exception ignored", told, StringComparison.Ordinal);
        Assert.Equal("it broke at its end", Assert.Throws<PythonException>(() => python.Run("it = iter(fail())\nnext(it)\nit.close()")).InnerException?.Message);
        Assert.Equal(3, python.Evaluate<int>("1 + 2"));
    }

    [NpmFact]
    public async Task AnAsynchronousSequenceIsAnAsynchronousGenerator()
    {
        await using var python = await StartAsync();
        await python.RunAsync("""
            from collections.abc import AsyncGenerator
            from contextlib import aclosing
            it = aiter(count_later(10))
            assert isinstance(it, AsyncGenerator)
            assert [await anext(it), await it.asend(None), await it.asend('dropped')] == [0, 1, 2]
            assert await it.aclose() is None and closed() == 1
            assert [n async for n in it] == [] and await anext(it, 'end') == 'end' and await it.aclose() is None and closed() == 1

            it, error = aiter(count_later(10)), ValueError('mine')
            await anext(it)
            try:
                await it.athrow(error)
                assert False
            except ValueError as e:
                assert e is error and closed() == 2
            assert [n async for n in it] == []

            async with aclosing(aiter(count_later(10))) as it:
                async for n in it: break
                assert closed() == 2
            assert closed() == 3
            """);
        Assert.Equal(3, _closed);
    }

    [NpmTheory]
    [InlineData("async for n in count_later(10): break")]
    [InlineData("await anext(aiter(count_later(10)))")]
    [InlineData("it = aiter(count_later(10))\nawait anext(it)\nstep = anext(it)\ndel it\nawait step")]
    public async Task AnAsynchronousSequenceThatIsLeftIsGivenBack(string source)
    {
        await using var python = await StartAsync();
        (await python.RunAsync(source)).Dispose();
        await UntilAsync(() => _closed == 1);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var end = Task.Delay(TimeSpan.FromMinutes(5));
        while (!condition())
        {
            Assert.False(end.IsCompleted);
            await Task.Delay(1);
        }
    }

    private static IEnumerable<int> FailAtEnd()
    {
        try
        {
            yield return 1;
        }
        finally
        {
            Fail();
        }
    }

    private static async IAsyncEnumerable<int> FailAtEndAsync()
    {
        try
        {
            await Task.Yield();
            yield return 1;
        }
        finally
        {
            Fail();
        }
    }

    private static void Fail() => throw new InvalidOperationException("it broke at its end");

    private IEnumerator<int> Enumerate(int end)
    {
        foreach (var i in Count(end))
            yield return i;
    }

    private IEnumerable<int> Count(int end, int failsAt = -1)
    {
        try
        {
            for (var i = 0; i < end; i++)
                yield return i == failsAt ? throw new InvalidOperationException("it broke") : i;
        }
        finally
        {
            Interlocked.Increment(ref _closed);
        }
    }

    private async IAsyncEnumerable<int> CountAsync(int end, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (var i = 0; i < end; i++)
            {
                await Task.Delay(1, cancellationToken);
                yield return i;
            }
        }
        finally
        {
            Interlocked.Increment(ref _closed);
        }
    }

    private async Task<PythonRuntime> StartAsync()
    {
        var python = await Interpreters.StartAsync(new PythonHost()
            .Expose("count", (int end, int failsAt = -1) => Count(end, failsAt))
            .Expose("count_later", (int end) => CountAsync(end))
            .Expose("closed", () => _closed));
        python.Run("from host import count, count_later, closed");
        return python;
    }
}
