using Fermata.Emscripten.Tests;
using Fermata.Wasi;

namespace Fermata.Bench;

/// <summary>Runs the large programs, and tells how .NET's compiler compiles their functions: that none is so long that it is left without optimisation.</summary>
internal static class Tiers
{
    private const int Rounds = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>What is enough for one that does not end by itself.</summary>
    private static readonly TimeSpan EndlessTime = TimeSpan.FromSeconds(20);

    /// <summary>Runs them, and returns how many methods were not optimised.</summary>
    public static async Task<int> RunAsync()
    {
        await Installation.EnsureAsync();
        Programs.EnsureFiles();
        Console.WriteLine($"{"",-16} {"methods",8} {"MB",8} {"longest, KB",12} {"unoptimised",12}");
        var unoptimised = 0;
        foreach (var (name, _, command) in Programs.All)
            unoptimised += await RunAsync(name, () => RunAsync(command));
        foreach (var (name, _, start) in EmscriptenPrograms.All)
            unoptimised += await RunAsync(name, () => RunAsync(start));
        return unoptimised;
    }

    private static async Task<int> RunAsync(string name, Func<Task> run)
    {
        using var methods = new CompiledMethods();
        await run();
        CompiledMethod[] all = [.. methods.All];
        CompiledMethod[] slow = [.. all.Where(method => method.IsUnoptimised)];
        Console.WriteLine($"{name,-16} {all.Length,8:N0} {all.Sum(method => method.Bytes) / 1e6,8:0.0} {all.Max(method => method.Bytes) / 1e3,12:0} {slow.Length,12}");
        foreach (var method in slow)
            Console.WriteLine($"  {method.Name}, {method.Bytes:N0} bytes");
        return slow.Length;
    }

    private static async Task RunAsync(Func<Task<Func<Task<int>>>> start)
    {
        NpmProgram.Engine = new Engine(new EngineOptions { MaxLoadTime = Timeout.InfiniteTimeSpan });
        var work = await start();
        for (var i = 0; i < Rounds; i++)
            await work();
    }

    /// <summary>Runs a program for some rounds, in an engine whose code has no tiers.</summary>
    private static async Task RunAsync(WasiCommand command)
    {
        var prompts = new MemoryFileSystem();
        for (var i = 0; i < Rounds; i++)
            prompts.AddText($"{i}", "");
        var builder = new WasiBuilder().WithArguments(command.Arguments.Skip(1)).WithInput(InputStream.From(new string('\n', Rounds)));
        foreach (var (guest, host) in command.Directories)
            builder.WithDirectory(guest, new HostFileSystem(host, isReadOnly: true));
        if (command.PromptDirectory is { } prompt)
            builder.WithDirectory(prompt, prompts);
        using var output = new StringWriter();
        builder.WithOutput(output).WithError(output);
        using var end = new CancellationTokenSource(command.PromptDirectory is null ? Patience : EndlessTime);
        try
        {
            await (await WasiProgram.LoadFileAsync(new Engine(), command.Module)).RunAsync(builder, cancellationToken: end.Token);
        }
        catch (OperationCanceledException)
        {
        }

        if (!output.ToString().Contains("checksum", StringComparison.Ordinal))
            throw new BenchException($"{command.Module} has done no work: {output}");
    }
}
