namespace Fermata.Python.Tests;

/// <summary>The standard library that is prepared once.</summary>
public sealed class PreparedLibraryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fermata-python-").FullName;

    private string File => Path.Combine(_folder, "made", "file");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NpmFact]
    public async Task EachModuleHasItsCodeBesideItsSource()
    {
        await using var python = await Interpreters.StartAsync();
        python.Run(
            """
            import inspect, json, zipfile
            names = set(zipfile.ZipFile('/lib/python314.zip').namelist())
            sources = [name for name in names if name.endswith('.py')]
            """);
        Assert.InRange(python.Evaluate<int>("len(sources)"), 500, 700);
        Assert.Empty(python.Evaluate<string[]>("[name for name in sources if name + 'c' not in names]"));
        Assert.Equal("/lib/python314.zip/json/decoder.pyc", python.Evaluate<string>("json.decoder.__file__"));
        Assert.StartsWith("def loads(s, *,", python.Evaluate<string>("inspect.getsource(json.loads)"), StringComparison.Ordinal);
        Assert.Matches(
            """  File "/lib/python314.zip/json/decoder.py", line \d+, in raw_decode\n    raise JSONDecodeError\(""",
            Assert.Throws<PythonException>(() => python.Run("json.loads('')")).Traceback);
    }

    [NpmFact]
    public async Task PreparingIsCancelled()
    {
        var distribution = await Interpreters.DistributionAsync();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PreparedLibrary.FindOrMakeAsync(distribution, _folder, cancellation.Token));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task WhatWasWrittenIsRead()
    {
        Assert.Null(await CachedFile.ReadAsync(File, CancellationToken.None));
        await CachedFile.WriteAsync(File, [1, 2, 3], CancellationToken.None);
        Assert.Equal<byte[]>([1, 2, 3], await CachedFile.ReadAsync(File, CancellationToken.None));
        await CachedFile.WriteAsync(File, [], CancellationToken.None);
        Assert.Empty((await CachedFile.ReadAsync(File, CancellationToken.None))!);
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(34)]
    public async Task WhatIsDamagedIsNotThere(int length)
    {
        await CachedFile.WriteAsync(File, [1, 2, 3], CancellationToken.None);
        var bytes = await System.IO.File.ReadAllBytesAsync(File);
        await System.IO.File.WriteAllBytesAsync(File, bytes[..length]);
        Assert.Null(await CachedFile.ReadAsync(File, CancellationToken.None));
        bytes[0] ^= 1;
        await System.IO.File.WriteAllBytesAsync(File, bytes);
        Assert.Null(await CachedFile.ReadAsync(File, CancellationToken.None));
    }

    [Fact]
    public async Task AReaderSeesWhatSomeWriterHasFinished()
    {
        byte[][] contents = [.. Enumerable.Range(0, 4).Select(value => Enumerable.Repeat((byte)value, 100_000).ToArray())];
        await CachedFile.WriteAsync(File, contents[0], CancellationToken.None);
        var writers = contents.Select(content => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
                await CachedFile.WriteAsync(File, content, CancellationToken.None);
        })).ToList();
        while (!writers.TrueForAll(writer => writer.IsCompleted))
            Assert.Contains(await CachedFile.ReadAsync(File, CancellationToken.None), contents);
        await Task.WhenAll(writers);
    }
}
