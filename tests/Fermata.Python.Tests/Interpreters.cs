namespace Fermata.Python.Tests;

/// <summary>The interpreter that npm installs, compiled once for all tests of a mode, and started where a test needs one of its own.</summary>
internal static class Interpreters
{
    private static readonly NpmPackages Packages = new("tests", "Fermata.Emscripten.Tests", "npm");

    private static readonly string CacheFolder = Path.Combine(AppContext.BaseDirectory, "python");

    private static readonly Lazy<Task<PythonDistribution>> Plain = new(() => LoadAsync(suspendsEverywhere: false)), Suspending = new(() => LoadAsync(suspendsEverywhere: true));

    private static readonly Lazy<Task<PythonRuntime>> Common = new(StartFromImageAsync);

    public static Task<PythonDistribution> DistributionAsync() => Plain.Value;

    /// <summary>The interpreter of tests that leave nothing behind. Their classes are in the collection of this name, as no two of them may use it at once.</summary>
    public static Task<PythonRuntime> SharedAsync() => Common.Value;

    public static async Task<PythonRuntime> StartAsync(PythonHost? host = null, StoreOptions? options = null, bool suspendsEverywhere = false) =>
        await PythonRuntime.StartAsync(await (suspendsEverywhere ? Suspending : Plain).Value, host, options);

    /// <summary>One that begins with the image of another, as most do.</summary>
    private static async Task<PythonRuntime> StartFromImageAsync()
    {
        await (await StartAsync()).DisposeAsync();
        return await StartAsync();
    }

    private static async Task<PythonDistribution> LoadAsync(bool suspendsEverywhere)
    {
        // The library is the same in both modes, and made in less time by this one.
        if (suspendsEverywhere)
            await Plain.Value;
        return await PythonDistribution.LoadAsync(ProgramEngine.New(suspendsEverywhere), Path.GetDirectoryName(Packages["pyodide", "package.json"])!, CacheFolder);
    }
}
