using Fermata.Wasi;

namespace Fermata.Bench;

/// <summary>Runs the large programs, and tells how .NET's compiler compiles their functions: that none is so long that it is left without optimisation.</summary>
internal static class Tiers
{
    private const int MostRounds = 10_000;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    /// <summary>Runs them, and returns how many methods were not optimised.</summary>
    public static async Task<int> RunAsync()
    {
        await Installation.EnsureAsync();
        Programs.EnsureFiles();
        var unoptimised = 0;
        Console.WriteLine($"{"",-10} {"methods",8} {"MB",8} {"longest, KB",12} {"unoptimised",12}");
        foreach (var (name, _, command) in Programs.All)
        {
            using var methods = new CompiledMethods();
            await RunAsync(command);
            CompiledMethod[] all = [.. methods.All];
            CompiledMethod[] slow = [.. all.Where(method => method.IsUnoptimised)];
            Console.WriteLine($"{name,-10} {all.Length,8:N0} {all.Sum(method => method.Bytes) / 1e6,8:0.0} {all.Max(method => method.Bytes) / 1e3,12:0} {slow.Length,12}");
            foreach (var method in slow)
                Console.WriteLine($"  {method.Name}, {method.Bytes:N0} bytes");
            unoptimised += slow.Length;
        }

        return unoptimised;
    }

    /// <summary>Runs a program for some seconds, in an engine whose code has no tiers.</summary>
    private static async Task RunAsync(WasiCommand command)
    {
        var prompts = new MemoryFileSystem();
        for (var i = 0; i < MostRounds; i++)
            prompts.AddText($"{i}", "");
        var builder = new WasiBuilder().WithArguments(command.Arguments).WithInput(InputStream.From(new string('\n', MostRounds)));
        foreach (var (guest, host) in command.Directories)
            builder.WithDirectory(guest, new HostFileSystem(host, isReadOnly: true));
        if (command.PromptDirectory is { } prompt)
            builder.WithDirectory(prompt, prompts);
        using var output = new StringWriter();
        builder.WithOutput(output);
        using var end = new CancellationTokenSource(Duration);
        try
        {
            await (await WasiProgram.LoadFileAsync(new Engine(), command.Module)).RunAsync(builder, cancellationToken: end.Token);
        }
        catch (OperationCanceledException)
        {
        }

        if (!output.ToString().Contains("checksum", StringComparison.Ordinal))
            throw new BenchException($"{command.Module} has done no work in {Duration.TotalSeconds} s.");
    }
}
