using System.Diagnostics;

namespace Fermata.Bench;

/// <summary>The start of esbuild, a bundler in Go for a host of JavaScript: it prints its version, which has to be that of the package.</summary>
internal sealed class GoStart : IBenchmark
{
    private const string Package = "esbuild-wasm";

    private readonly Module _module = Module.LoadFile(
        new Engine(new EngineOptions { IsCollectible = false, MaxLoadTime = Timeout.InfiniteTimeSpan }), Installation.PackageFile(Package, "esbuild.wasm"));

    public GoStart() => Round();

    public Measurement Round()
    {
        var start = Stopwatch.GetTimestamp();
        var version = GoHost.Run(_module, "esbuild", "--version").Trim();
        if (!File.ReadAllText(Installation.PackageFile(Package, "package.json")).Contains($"\"version\": \"{version}\"", StringComparison.Ordinal))
            throw new BenchException($"esbuild says that it is {version}.");
        return new Measurement(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }
}
