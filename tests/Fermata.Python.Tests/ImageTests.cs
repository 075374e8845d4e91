namespace Fermata.Python.Tests;

/// <summary>Interpreters begin where the first one of a distribution was when it had started.</summary>
[Collection(nameof(Interpreters))]
public sealed class ImageTests
{
    [NpmFact]
    public async Task InterpretersHaveNothingOfEachOther()
    {
        await using var first = await Interpreters.StartAsync(new PythonHost().Expose("mine", () => 1));
        first.Run("import builtins, sys, host\nbuiltins.left = 1\nsys.left = [host.mine()]\nopen('/tmp/left', 'w').write('text')\ndel builtins.len");
        await using var second = await Interpreters.StartAsync(new PythonHost().Expose("yours", () => 2));
        Assert.Equal(
            [false, false, false, true, false, true],
            second.Evaluate<bool[]>("import builtins, sys, os, host\n[hasattr(builtins, 'left'), hasattr(sys, 'left'), os.path.exists('/tmp/left'), hasattr(builtins, 'len'), hasattr(host, 'mine'), hasattr(host, 'yours')]"));
        Assert.Equal("NameError", Assert.Throws<PythonException>(() => first.Evaluate<int>("len('')")).Type);
    }

    /// <summary>An image has the secret by which Python hashes texts, which an interpreter that starts anew draws.</summary>
    [NpmFact]
    public async Task FurtherInterpretersBeginWithTheImage()
    {
        const string Question = "hash('text')";
        await using var first = await Interpreters.StartAsync();
        await using var second = await Interpreters.StartAsync(new PythonHost().WithOutput(new StringWriter()).Expose("one", () => 1));
        await using var anew = await Interpreters.StartAsync(new PythonHost().WithRandom(System.Security.Cryptography.RandomNumberGenerator.Fill));
        Assert.Equal(first.Evaluate<long>(Question), second.Evaluate<long>(Question));
        Assert.NotEqual(first.Evaluate<long>(Question), anew.Evaluate<long>(Question));
    }

    [NpmFact]
    public async Task EachIsToldWhatItsHostSays()
    {
        var output = new StringWriter();
        await using var first = await Interpreters.StartAsync(new PythonHost().WithArguments("first").WithEnvironment("ONLY_FIRST", "1"));
        await using var second = await Interpreters.StartAsync(new PythonHost().WithProgramName("second.py").WithArguments("x").WithEnvironment("HOME", "/tmp").WithOutput(output));
        second.Run("import os, sys, ctypes\nprint(sys.argv, os.environ.get('ONLY_FIRST'), os.environ['HOME'], os.path.expanduser('~'), os.getcwd())");
        Assert.Equal("['second.py', 'x'] None /tmp /tmp /home/pyodide\n", output.ToString().ReplaceLineEndings("\n"));
        Assert.Equal(["first", "1"], first.Evaluate<string[]>("import os, sys\n[sys.argv[1], os.environ['ONLY_FIRST']]"));
    }

    [NpmFact]
    public async Task WhatConcernsTheStartIsHeard()
    {
        var host = new PythonHost().WithEnvironment("PYTHONHASHSEED", "1").WithEnvironment("PYTHONOPTIMIZE", "1");
        await using var first = await Interpreters.StartAsync(host);
        await using var second = await Interpreters.StartAsync(host);
        const string Question = "import sys\n[sys.flags.optimize, sys.flags.hash_randomization, hash('text')]";
        var answer = first.Evaluate<long[]>(Question);
        Assert.Equal([1, 1], answer[..2]);
        Assert.Equal(answer, second.Evaluate<long[]>(Question));
    }

    /// <summary>What Python has for the host has docstrings, which an interpreter that compiled it with this option would have left out.</summary>
    [NpmFact]
    public async Task WhatThereIsForTheHostIsCompiledOnce()
    {
        await using var first = await Interpreters.StartAsync();
        await using var second = await Interpreters.StartAsync(new PythonHost().WithEnvironment("PYTHONOPTIMIZE", "2"));
        const string Question = "import sys, _fermata\ndef f(): 'text'\n[f.__doc__ is None, sys.modules['_fermata'].waiting.__doc__ is None]";
        Assert.Equal([false, false], first.Evaluate<bool[]>(Question));
        Assert.Equal([true, false], second.Evaluate<bool[]>(Question));
    }

    [NpmFact]
    public async Task RandomNumbersAreEachOnesOwn()
    {
        await using var first = await Interpreters.StartAsync();
        await using var second = await Interpreters.StartAsync();
        foreach (var expression in (string[])["__import__('random').getrandbits(100)", "int.from_bytes(__import__('os').urandom(12), 'big')", "__import__('uuid').uuid4().int"])
            Assert.NotEqual(first.Evaluate<System.Numerics.BigInteger>(expression), second.Evaluate<System.Numerics.BigInteger>(expression));
    }

    [NpmFact]
    public async Task FilesOfTheHostsOwnAreSeen()
    {
        var files = new MemoryFileSystem();
        files.AddFile("/text", "content"u8.ToArray());
        await using var python = await Interpreters.StartAsync(new PythonHost().WithDirectory("/data", files));
        Assert.Equal("content", python.Evaluate<string>("open('/data/text').read()"));
        Assert.Equal(["data", "home", "lib", "tmp"], python.Evaluate<string[]>("sorted(name for name in __import__('os').listdir('/') if name != 'dev')"));
    }

    [NpmFact]
    public async Task ManyBeginAtOnce()
    {
        await Interpreters.SharedAsync();
        await Parallel.ForAsync(0, 40, async (number, token) =>
        {
            await using var python = await Interpreters.StartAsync(new PythonHost().Expose("number", async () =>
            {
                await Task.Yield();
                return number;
            }));
            Assert.Equal(number * 2, await python.EvaluateAsync<int>("from host import number\nfrom pyodide.ffi import run_sync\nrun_sync(number()) + await number()", token));
        });
    }

    [NpmFact]
    public async Task LimitsOfTheStoreHoldFromTheStart()
    {
        await Interpreters.SharedAsync();
        var options = new StoreOptions { Limiter = new StoreLimits { MaxMemoryBytes = 1 << 20 } };
        Assert.Equal(StoreResource.MemoryBytes, (await Assert.ThrowsAsync<ResourceLimitException>(() => Interpreters.StartAsync(options: options))).Resource);
    }
}
