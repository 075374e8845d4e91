namespace Fermata.Bench;

/// <summary>The measured modules, instantiated in a store of their own.</summary>
internal static class Guest
{
    /// <summary>An instance of a module of <c>bench/modules</c>.</summary>
    /// <param name="name">The module.</param>
    /// <param name="options">The options of its engine.</param>
    /// <param name="wait">The import, for modules that have it.</param>
    public static Instance Instantiate(string name, EngineOptions options, Func<int, ValueTask<int>>? wait = null)
    {
        var engine = new Engine(options);
        var module = Module.LoadFile(engine, BenchFolder.Path("modules", name + ".wasm"));
        var linker = new Linker(engine);
        if (wait is not null)
            linker.Define("env", "wait", wait);
        return linker.Instantiate(new Store(engine), module);
    }

    /// <summary>An instance of a module that needs nothing.</summary>
    /// <param name="path">The path of the module.</param>
    /// <param name="options">The options of its engine.</param>
    public static Instance InstantiateFile(string path, EngineOptions options)
    {
        var engine = new Engine(options);
        return new Linker(engine).Instantiate(new Store(engine), Module.LoadFile(engine, path));
    }

    /// <summary>A round that measured nonsense must not become a number in a table.</summary>
    public static void Expect(int actual, int expected)
    {
        if (actual != expected)
            throw new BenchException($"expected {expected}, got {actual}");
    }
}
