namespace Fermata.Python.Tests.Packages;

/// <summary>Extension modules, compiled to side modules: what they call in Python waits.</summary>
public sealed class ExtensionTests : IDisposable
{
    private const string Platform = "pyemscripten_2026_0_wasm32";

    private static readonly string[] Common =
    [
        "--target=wasm32-unknown-emscripten", "-O2", "-ffreestanding", "-nostdlib", "-fPIC", "-fvisibility=default", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers",
        "-Wl,-shared,--no-entry,--experimental-pic,--unresolved-symbols=import-dynamic,--export-if-defined=__wasm_call_ctors",
    ];

    private static readonly Lazy<string[]> Compiled = new(Compile);

    private readonly string _folder = Directory.CreateTempSubdirectory("fermata-extensions").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [NpmTheory]
    [InlineData(false)]
#if !DEBUG // CPython is compiled for it, which takes a while.
    [InlineData(true)]
#endif
    public async Task WhatTheyCallBackWaits(bool suspendsEverywhere)
    {
        await using var python = await StartAsync(suspendsEverywhere);
        python.Run(
            """
            import throws, waits
            from pyodide.ffi import run_sync
            from host import load
            def page(*args): return run_sync(load(args[-1]))
            def logged(x):
                log.append(x)
                page(0)
            class Sub(waits.Counter):
                def __repr__(self): return 'Sub' + super().__repr__()
            log = []
            def everything():
                counter = Sub(1)
                try:
                    waits.fail(3)
                except waits.WaitError as e:
                    error = type(e).__qualname__ + ': ' + str(e)
                return [throws.caught(logged), log, waits.each(page, 'abc'), waits.sort([3, 1, 2], lambda a, b: page(a) - page(b)), repr(counter.add(page).add(page)), counter.value, error]
            """);
        Assert.Equal("[7, [7, 'left', 'caught'], [0, 1, 2], [1, 2, 3], 'Sub<Counter at 4>', 4, 'WaitError: failed with 3']", await python.EvaluateAsync<string>("str(everything())"));
        Assert.Equal("RuntimeError", Assert.Throws<PythonException>(() => python.Run("waits.each(page, 'a')")).Type);
        Assert.Equal("ValueError: failed with -1", Assert.Throws<PythonException>(() => python.Run("waits.fail(-1)")).Message);
        Assert.Equal("ZeroDivisionError", Assert.Throws<PythonException>(() => python.Run("throws.caught(lambda x: 1 / 0)")).Type);
        var failure = await Assert.ThrowsAsync<PythonException>(() => python.RunAsync("waits.each(lambda *args: 1 / (1 - page(*args)), 'ab')"));
        Assert.Equal("ZeroDivisionError", failure.Type);
    }

    [NpmFact(IsHeavy = true)]
    public async Task CallsThroughThemInterleave()
    {
        await using var python = await StartAsync(suspendsEverywhere: false);
        python.Run("import waits\nfrom pyodide.ffi import run_sync\nfrom host import load\ndef f(n): return waits.each(lambda *a: run_sync(load(n + a[-1])), range(3))");
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => python.Globals["f"].CallPromisingAsync<int[]>(number)));
        foreach (var (number, result) in results.Index())
            Assert.Equal([number, number + 1, number + 2], result);
    }

    private async Task<PythonRuntime> StartAsync(bool suspendsEverywhere)
    {
        new Wheel($"waits-1.0-cp314-abi3-{Platform}.whl").With("waits.abi3.so", await File.ReadAllBytesAsync(Compiled.Value[0])).With("throws.so", await File.ReadAllBytesAsync(Compiled.Value[1])).WriteTo(_folder);
        var host = new PythonHost().WithPackages(await PythonPackages.LoadAsync([_folder])).Expose("load", async (int number) =>
        {
            await Task.Yield();
            return number;
        });
        return await Interpreters.StartAsync(host, suspendsEverywhere: suspendsEverywhere);
    }

    private static string[] Compile()
    {
        var files = Directory.GetFiles(Path.Combine(RepositoryFolder.Path, "tests", "Fermata.Python.Tests", "Packages", "Programs"));
        Array.Sort(files, StringComparer.Ordinal);
        return NpmClang.Compile(
        [
            ((string[])["clang", .. Common, "waits.c"], files),
            ((string[])["clang++", .. Common, "-fwasm-exceptions", "-mllvm", "-wasm-use-legacy-eh=true", "throws.cpp"], files),
        ]);
    }
}
