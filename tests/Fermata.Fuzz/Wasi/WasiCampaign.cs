using System.Diagnostics;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;
using Fermata.Wasi.Functions;

namespace Fermata.Fuzz.Wasi;

/// <summary>
/// Calls the functions of WASI with random arguments. Each call must end with the number of an error, with a trap for memory that is not there, or with the end of the program; one
/// that waits must end when it is cancelled; and the store must be as good as new.
/// </summary>
internal sealed class WasiCampaign
{
    private const int CallsPerRun = 400;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20), Deadline = TimeSpan.FromMinutes(5);

    /// <summary>Functions that take away what others need, and so are called seldom.</summary>
    private static readonly string[] Taking = ["fd_close", "fd_renumber", "fd_fdstat_set_rights"];

    /// <summary>WasmEdge's functions, and those of preview 1 that have other names. What the former return as errors of names is beyond those of preview 1.</summary>
    private static readonly HostFunction[] WasmEdgeFunctions =
        [.. WasmEdge.Functions.DistinctBy(function => function.Name), .. Preview1.Functions.Where(function => WasmEdge.Functions.All(other => other.Name != function.Name))];

    private readonly Engine[] _engines = [new(), new(new EngineOptions { SuspendEverywhere = true })];
    private readonly (Module Module, HostFunction[] Functions, Linker Linker)[] _modules;
    private readonly Dictionary<string, (int Count, TimeSpan Longest, Errno[] Errors)> _seen = [];

    public WasiCampaign() =>
        _modules =
        [
            .. from engine in _engines
               from named in new[] { ("wasi_snapshot_preview1", Preview1.Functions), ("wasi_snapshot_preview1", WasmEdgeFunctions), ("wasi_unstable", Unstable.Functions.ToArray()) }
               let module = Module.Parse(engine, ForwardingModule.TextOf(named.Item1, named.Item2))
               select (module, named.Item2, new Linker(engine).DefineWasi(module)),
        ];

    /// <summary>What must not be, with the seed and the call.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>How many calls were made.</summary>
    public int Calls { get; private set; }

    /// <summary>With which errors calls of each function ended; a trap is <see cref="Errno.EFAULT"/> here, and a cancellation <see cref="Errno.ECANCELED"/>.</summary>
    public IEnumerable<(string Function, Errno Error)> Endings => from seen in _seen from error in seen.Value.Errors select (seen.Key, error);

    /// <summary>Makes the calls of a seed.</summary>
    public async Task RunAsync(ulong seed)
    {
        var random = new RandomSource(seed);
        var (module, functions, linker) = random.Pick(_modules);
        using var store = new Store(module.Engine, new StoreOptions { AlwaysSuspend = random.OneIn(2) });
        var context = await MakeContextAsync(random).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            store.SetData(context);
            var instance = linker.Instantiate(store, module);
            var arguments = new ArgumentSource(random);
            await OpenAsync(instance, arguments).ConfigureAwait(false);
            for (var i = 0; i < CallsPerRun; i++)
            {
                arguments.Fill(instance.GetMemory("memory").Span);
                var function = random.Pick(functions);
                if (Taking.Contains(function.Name) && !random.OneIn(8))
                    continue;
                var values = ForwardingModule.ParametersOf(function).Select(parameter => arguments.For(parameter.Name!, parameter.ParameterType)).ToArray();
                if (await CallAsync(instance, function, values).ConfigureAwait(false) is { } problem)
                    Findings.Add($"--seed {seed}, call {i}: {function.Name}({string.Join(", ", values)}): {problem}");
            }

            var time = await instance.GetFunction("clock_time_get").InvokeAsync(0, 0L, 0).ConfigureAwait(false);
            if (time[0].AsI32() != 0)
                Findings.Add($"--seed {seed}: clock_time_get gives {time[0]} afterwards");
        }
    }

    /// <summary>What was seen of each function.</summary>
    public override string ToString() =>
        $"{Calls} calls, {Findings.Count} findings\n" + string.Concat(_seen.OrderByDescending(function => function.Value.Longest).Select(function =>
            $"{function.Key,-24} {function.Value.Count,8} {function.Value.Longest.TotalMilliseconds,8:F1} ms  {string.Join(' ', function.Value.Errors.Order())}\n"));

    /// <summary>Opens some files and directories, with all rights.</summary>
    private static async Task OpenAsync(Instance instance, ArgumentSource arguments)
    {
        var open = instance.GetFunction("path_open");
        arguments.Fill(instance.GetMemory("memory").Span);
        foreach (var (path, flags, rights) in new[] { ("a", OpenFlags.None, Rights.OfFile), ("b", OpenFlags.Creat, Rights.OfFile), ("d", OpenFlags.Directory, Rights.OfDirectory) })
            await open.InvokeAsync(3, 0, ArgumentSource.AddressOf(path), path.Length, (int)flags, (long)rights, (long)Rights.All, 0, 0).ConfigureAwait(false);
    }

    private static async Task<WasiContext> MakeContextAsync(RandomSource random)
    {
        var files = new MemoryFileSystem(new MemoryFileSystemOptions { MaxBytes = 16 << 20, MaxEntries = 1000 });
        files.AddText("a", "text of a");
        files.AddText("d/a", "another text");
        files.AddDirectory("d/d");
        files.AddSymbolicLink("link", "d");
        files.AddSymbolicLink("loop", "loop");
        return await new WasiBuilder()
            .WithArguments("one", "two")
            .WithEnvironment("name", "value")
            .WithDirectory("/", files)
            .WithDirectory("/readonly", new ReadOnlyFileSystem(files))
            .WithInput(random.OneIn(2) ? "some input" : new NeverEndingInput())
            .WithMaxDescriptors(20)
            .BuildAsync().ConfigureAwait(false);
    }

    /// <summary>Makes a call, and cancels it if it waits for long.</summary>
    /// <returns>What must not be; null if all is well.</returns>
    private async Task<string?> CallAsync(Instance instance, HostFunction function, Value[] arguments)
    {
        Calls++;
        using var cancellation = new CancellationTokenSource();
        var start = Stopwatch.GetTimestamp();
        var call = instance.GetFunction(function.Name).InvokeAsync(arguments, cancellation.Token);
        var took = Stopwatch.GetElapsedTime(start);
        if (await Task.WhenAny(call, Task.Delay(Patience)).ConfigureAwait(false) != call)
        {
            await cancellation.CancelAsync().ConfigureAwait(false);
            if (await Task.WhenAny(call, Task.Delay(Deadline)).ConfigureAwait(false) != call)
                return "does not end when it is cancelled";
        }

        try
        {
            var results = await call.ConfigureAwait(false);
            if (results.Length == 0)
                return "returns";
            var error = (Errno)results[0].AsI32();
            Note(function, took, error);
            return Enum.IsDefined(error) || function.Name == "sock_getaddrinfo" ? null : $"returns {error}";
        }
        catch (MemoryTrapException)
        {
            Note(function, took, Errno.EFAULT);
            return null;
        }
        catch (WasmExitException) when (function.Name is "proc_exit" or "proc_raise")
        {
            return null;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Note(function, took, Errno.ECANCELED);
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it is a finding.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"{e}";
        }
    }

    private void Note(HostFunction function, TimeSpan took, Errno error)
    {
        var seen = _seen.GetValueOrDefault(function.Name, (0, TimeSpan.Zero, []));
        _seen[function.Name] = (seen.Count + 1, took > seen.Longest ? took : seen.Longest, seen.Errors.Contains(error) ? seen.Errors : [.. seen.Errors, error]);
    }

    /// <summary>An input at which nothing ever arrives.</summary>
    private sealed class NeverEndingInput : InputStream
    {
        public override async ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
            return 0;
        }

        public override ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default) => ReadAsync(default, cancellationToken);
    }
}
