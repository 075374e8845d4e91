namespace Fermata.Python.Tests;

/// <summary>Objects of Python in .NET.</summary>
[Collection(nameof(Interpreters))]
public sealed class PythonObjectTests
{
    [NpmFact]
    public async Task AttributesItemsAndCalls()
    {
        var python = await Interpreters.SharedAsync();
        using var fraction = python.Import("fractions").GetAttribute("Fraction").Call(6, 8);
        Assert.Equal("3/4", fraction.ToString());
        Assert.Equal("Fraction", fraction.TypeName);
        Assert.Equal(3, fraction.GetAttribute("numerator").As<int>());
        using var list = python.Evaluate<PythonObject>("[1, 'two', None]");
        Assert.Equal(3, list.Length);
        Assert.Equal("two", list[1].As<string>());
        list.SetItem(0, 5);
        Assert.True(list.Contains(5));
        Assert.Equal(["5", "two", "None"], list.Items().Select(item => item.ToString()));
        list.RemoveItem(0);
        Assert.Equal(2, list.Length);
        Assert.Equal("IndexError", Assert.Throws<PythonException>(() => list[7]).Type);
        Assert.Equal("AttributeError", Assert.Throws<PythonException>(() => list.GetAttribute("none")).Type);
        Assert.Equal("TypeError", Assert.Throws<PythonException>(() => list.Call()).Type);
    }

    [NpmFact]
    public async Task DynamicCodeReadsAsPython()
    {
        var python = await Interpreters.SharedAsync();
        dynamic math = python.Import("math");
        Assert.Equal(2.0, (double)math.sqrt(4));
        dynamic words = python.Evaluate<PythonObject>("{'a': [1, 2]}");
        Assert.Equal(2, (int)words["a"][1]);
        words["b"] = 3;
        Assert.Equal(2, (int)python.Import("builtins").GetAttribute("len").Call((PythonObject)words).As<int>());
        dynamic sorted = python.Import("builtins").GetAttribute("sorted");
        Assert.Equal([3, 2, 1], ((PythonObject)sorted((List<int>)[1, 3, 2], reverse: true)).As<int[]>());
    }

    [NpmFact]
    public async Task ObjectsThatAreGivenBackAreFreed()
    {
        var python = await Interpreters.SharedAsync();
        python.Run("import weakref\nclass Thing: pass\nthing = Thing()\nalive = weakref.ref(thing)");
        var thing = python.Globals["thing"];
        var copy = thing.Copy();
        python.Run("del thing");
        thing.Dispose();
        Assert.True(python.Evaluate<bool>("alive() is not None"));
        copy.Dispose();
        Assert.True(python.Evaluate<bool>("alive() is None"));
        Assert.Throws<ObjectDisposedException>(() => copy.Length);
    }

    [NpmFact]
    public async Task ObjectsThatAreCollectedAreFreed()
    {
        var python = await Interpreters.SharedAsync();
        python.Run("import weakref\nclass Lost: pass\nlost = Lost()\nalive = weakref.ref(lost)");
        Take(python);
        python.Run("del lost");
        for (var attempt = 0; attempt < 50 && python.Evaluate<bool>("alive() is not None"); attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.True(python.Evaluate<bool>("alive() is None"));

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Take(PythonRuntime python) => Assert.Equal("Lost", python.Globals["lost"].TypeName);
    }

    [NpmFact]
    public async Task GeneratorsGoOnWithValuesAndExceptions()
    {
        var python = await Interpreters.SharedAsync();
        python.Run(
            """
            from pyodide.ffi import run_sync
            import asyncio
            def accumulate(start, waits):
                total = start
                while True:
                    try:
                        got = yield total
                    except ValueError as e:
                        got = 100
                    if got is None:
                        return ('sum', total)
                    if waits:
                        run_sync(asyncio.sleep(0.001))
                    total += got
            """);
        using var generator = python.Globals["accumulate"].Call(1, false);
        Assert.Equal((false, 1), Of(generator.Send()));
        Assert.Equal((false, 3), Of(generator.Send(2)));
        Assert.Equal((false, 103), Of(generator.Throw(python.Evaluate<PythonObject>("ValueError"))));
        var end = generator.Send();
        Assert.True(end.IsEnd);
        Assert.Equal("('sum', 103)", end.Value.ToString());
        Assert.Equal((true, "None"), (generator.Send().IsEnd, generator.Send().Value.ToString()));

        using var waiting = python.Globals["accumulate"].Call(1, true);
        Assert.Equal((false, 1), Of(await waiting.SendAsync()));
        Assert.Equal((false, 5), Of(await waiting.SendAsync(4)));
        Assert.Equal((false, 105), Of(await waiting.ThrowAsync(python.Evaluate<PythonObject>("ValueError('x')"))));
        Assert.Equal("RuntimeError", Assert.Throws<PythonException>(() => waiting.Send(1)).Type);
        Assert.Equal("AttributeError", Assert.Throws<PythonException>(() => python.Evaluate<PythonObject>("iter([])").Send()).Type);

        using var failing = python.Globals["accumulate"].Call(1, false);
        failing.Send();
        var exception = Assert.Throws<PythonException>(() => failing.Throw(new InvalidOperationException("mine")));
        Assert.Equal("mine", Assert.IsType<InvalidOperationException>(exception.InnerException).Message);

        static (bool, int) Of(PythonStep step) => (step.IsEnd, step.Value.As<int>());
    }

    [NpmFact]
    public async Task BuffersAreReadAndWrittenWhereTheyLie()
    {
        var python = await Interpreters.SharedAsync();
        python.Run("import array\nnumbers = array.array('d', [1.5, 2.5])\ntext = bytearray(b'abc')");
        using var numbers = python.Globals["numbers"];
        using (var buffer = numbers.OpenBuffer(isWritable: true))
        {
            Assert.Equal(("d", 8, false), (buffer.Format, buffer.ItemSize, buffer.IsReadOnly));
            Assert.Equal([1.5, 2.5], buffer.AsSpan<double>().ToArray());
            buffer.AsWritableSpan<double>()[1] = 9;
            Assert.Equal([1.5, 9], python.Evaluate<double[]>("numbers.tolist()"));
            Assert.Equal("BufferError", Assert.Throws<PythonException>(() => python.Run("numbers.append(1)")).Type);
            Assert.Equal("The items of the buffer have 8 bytes (format d), and Int32 has 4.", Assert.Throws<InvalidCastException>(() => _ = buffer.AsSpan<int>()[0]).Message);
            Assert.Equal(16, buffer.AsSpan<byte>().Length);
            buffer.Dispose();
            Assert.Throws<ObjectDisposedException>(() => _ = buffer.AsSpan<double>()[0]);
        }

        python.Run("numbers.append(1)");
        using var constant = python.Evaluate<PythonObject>("memoryview(b'xyz')");
        using (var buffer = constant.OpenBuffer())
        {
            Assert.Equal("xyz"u8.ToArray(), buffer.AsSpan<byte>().ToArray());
            Assert.Equal("Python does not let the buffer be written.", Assert.Throws<InvalidOperationException>(() => _ = buffer.AsWritableSpan<byte>()[0]).Message);
        }

        Assert.Equal("BufferError", Assert.Throws<PythonException>(() => constant.OpenBuffer(isWritable: true)).Type);
        Assert.Equal("TypeError", Assert.Throws<PythonException>(() => python.Globals.OpenBuffer()).Type);
        Assert.Equal("BufferError", Assert.Throws<PythonException>(() => python.Evaluate<PythonObject>("memoryview(text)[::2]").OpenBuffer()).Type);
    }
}
