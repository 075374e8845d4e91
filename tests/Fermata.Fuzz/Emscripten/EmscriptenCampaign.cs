using System.Diagnostics;
using System.Net;
using System.Text;
using Fermata.Emscripten;
using Fermata.Emscripten.Functions;
using Fermata.Emscripten.Glue;
using Fermata.Fuzz.Wasi;
using Fermata.Platform;
using Fermata.Platform.FileSystems;
using Fermata.Platform.Network;
using Fermata.Wasi.Functions;
using ProcessFunctions = Fermata.Emscripten.Functions.ProcessFunctions;

namespace Fermata.Fuzz.Emscripten;

/// <summary>
/// Calls each function of Emscripten's with random arguments. Each call must end with a value, with a trap for memory that is not there, or with the end of the program; one that waits
/// must end when it is cancelled; a system call that fails must give an error that the C library knows; and the program must be as good as new.
/// </summary>
internal sealed class EmscriptenCampaign
{
    /// <summary>So many calls of a function have the same program, between calls of others.</summary>
    private const int CallsPerProgram = 100;

    /// <summary>So many calls of any functions are before those of a program's function.</summary>
    private const int CallsBefore = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2), Deadline = TimeSpan.FromMinutes(5);

    /// <summary>Those that programs import, and not only the glue.</summary>
    private static readonly HostFunction[] Functions = [.. EmscriptenFunctions.Functions.Where(function => !GlueDefinitions.HostFunctions.ContainsKey(function.Name))];

    private static readonly HostFunction[] All = [.. Functions, .. Preview1.Functions];

    /// <summary>Functions that wait as long as they are told.</summary>
    private static readonly string[] Sleeping = ["emscripten_sleep"];

    private readonly EmscriptenProgram[] _programs = [Load(suspendsEverywhere: false), Load(suspendsEverywhere: true)];
    private readonly Dictionary<string, (int Calls, TimeSpan Longest, SortedSet<string> Endings)> _seen = [];

    /// <summary>What must not be, with the seed and the call.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>How calls of each function ended.</summary>
    public IEnumerable<(string Function, string Ending)> Endings => from seen in _seen from ending in seen.Value.Endings select (seen.Key, ending);

    /// <summary>Makes calls of each function.</summary>
    /// <param name="seed">What decides about them.</param>
    /// <param name="count">How many calls of each.</param>
    public async Task RunAsync(ulong seed, int count)
    {
        foreach (var (index, function) in Functions.Index())
        {
            for (var done = 0; done < count; done += CallsPerProgram)
                await RunAsync(function, seed + ((ulong)index << 32) + (ulong)done, Math.Min(CallsPerProgram, count - done)).ConfigureAwait(false);
        }
    }

    /// <summary>What was seen of each function.</summary>
    public override string ToString() =>
        $"{_seen.Values.Sum(function => function.Calls)} calls, {Findings.Count} findings\n" + string.Concat(_seen.OrderByDescending(function => function.Value.Longest).Select(function =>
            $"{function.Key,-40} {function.Value.Calls,8} {function.Value.Longest.TotalMilliseconds,8:F1} ms  {string.Join(' ', function.Value.Endings)}\n"));

    private static EmscriptenProgram Load(bool suspendsEverywhere)
    {
        // An allocator that begins anew where its memory ends: what is allocated here nobody needs for long.
        const string allocate = $"""
              (if (i32.gt_u (local.get $bytes) (i32.const 65536)) (then (return (i32.const 0))))
              (if (i32.gt_u (i32.add (global.get $top) (local.get $bytes)) (i32.const 262144)) (then (global.set $top (i32.const 196608))))
              (global.get $top)
              (global.set $top (i32.and (i32.add (i32.add (global.get $top) (local.get $bytes)) (i32.const 15)) (i32.const -16))))
            """;
        const string fields = $"""
            (table (export "__indirect_function_table") 8 funcref)
            (global $top (mut i32) (i32.const 196608))
            (func (export "malloc") (param $bytes i32) (result i32) {allocate}
            (func (export "memalign") (param i32) (param $bytes i32) (result i32) {allocate}
            """;
        var pages = SystemCallArguments.MemoryBytes / 65536;
        var text = ForwardingModule.TextOf("env", All, $"{pages} {2 * pages}", fields);
        return EmscriptenProgram.Load(new Engine(new EngineOptions { SuspendEverywhere = suspendsEverywhere }), ModuleInfo.Parse(Encoding.UTF8.GetBytes(text)).Bytes);
    }

    private static EmscriptenHost MakeHost(RandomSource random)
    {
        var files = new MemoryFileSystem(new MemoryFileSystemOptions { MaxBytes = 16 << 20, MaxEntries = 1000 });
        files.AddText("/a", "text of a");
        files.AddText("/d/a", "another text");
        files.AddDirectory("/tmp");
        files.AddSymbolicLink("/link", "d");
        files.AddSymbolicLink("/loop", "loop");
        var host = new EmscriptenHost().WithDirectory("/", files).WithInput(random.OneIn(2) ? "some input" : "").WithMaxDescriptors(20);
        return random.OneIn(4) ? host : host.WithNetwork(new NetworkPolicy().AllowConnect("127.0.0.1").AllowConnect("::1").AllowListen("127.0.0.1").AllowResolve("*.example").WithResolver(
            (_, _) => random.OneIn(3) ? throw new InvalidOperationException("The resolver is broken.") : new([IPAddress.Loopback, IPAddress.IPv6Loopback])));
    }

    /// <summary>Opens a file, a directory, a pipe, a socket that listens, and one for datagrams, if there is a network.</summary>
    private static async Task OpenAsync(EmscriptenInstance instance, SystemCallArguments arguments)
    {
        arguments.Fill(instance.Memory.Span);
        var (path, folder, address, pipe) = (SystemCallArguments.AddressOf("/a"), SystemCallArguments.AddressOf("/d"), SystemCallArguments.WriteLoopback(instance.Memory.Span), 0);
        (string Function, Value[] Arguments)[] calls =
        [
            ("__syscall_openat", [-100, path, 2, 0]),
            ("__syscall_openat", [-100, folder, 0, 0]),
            ("__syscall_pipe", [pipe]),
            ("__syscall_socket", [2, 1, 0, 0, 0, 0]),
            ("__syscall_bind", [7, address, 16, 0, 0, 0]),
            ("__syscall_listen", [7, 5, 0, 0, 0, 0]),
            ("__syscall_socket", [2, 2, 0, 0, 0, 0]),
            ("__syscall_bind", [8, address, 16, 0, 0, 0]),
        ];
        foreach (var (function, values) in calls)
            await instance.GetFunction(function).InvokeAsync(values).ConfigureAwait(false);
    }

    private async Task RunAsync(HostFunction function, ulong seed, int count)
    {
        var random = new RandomSource(seed);
        var arguments = new SystemCallArguments(random);
        var instance = await random.Pick(_programs).StartAsync(MakeHost(random), new StoreOptions { AlwaysSuspend = random.OneIn(2) }).ConfigureAwait(false);
        await using (instance.ConfigureAwait(false))
        {
            await OpenAsync(instance, arguments).ConfigureAwait(false);
            for (var i = -CallsBefore; i < count; i++)
            {
                // Descriptors are closed, and others opened, meanwhile.
                var called = i < 0 || random.OneIn(10) ? random.Pick(All) : function;
                if (Sleeping.Contains(called.Name) && called != function)
                    continue;
                arguments.Fill(instance.Memory.Span);
                var values = ForwardingModule.ParametersOf(called).Select(parameter => arguments.For(parameter.Name!, parameter.ParameterType)).ToArray();
                if (await CallAsync(instance, called, values).ConfigureAwait(false) is { } problem)
                    Findings.Add($"--seed {seed}, call {i}: {called.Name}({string.Join(", ", values)}): {problem}");
            }

            var id = await instance.GetFunction("__syscall_getpid").InvokeAsync().ConfigureAwait(false);
            if (id[0].AsI32() != ProcessFunctions.ProcessId)
                Findings.Add($"--seed {seed}: __syscall_getpid gives {id[0]} afterwards");
        }
    }

    /// <summary>Makes a call, and cancels it if it waits for long.</summary>
    /// <returns>What must not be; null if all is well.</returns>
    private async Task<string?> CallAsync(EmscriptenInstance instance, HostFunction function, Value[] arguments)
    {
        using var cancellation = new CancellationTokenSource();
        var start = Stopwatch.GetTimestamp();
        var call = instance.GetFunction(function.Name).InvokeAsync(arguments, cancellation.Token);
        var took = Stopwatch.GetElapsedTime(start);
        if (!call.IsCompleted && await Task.WhenAny(call, Task.Delay(Patience)).ConfigureAwait(false) != call)
        {
            await cancellation.CancelAsync().ConfigureAwait(false);
            if (await Task.WhenAny(call, Task.Delay(Deadline)).ConfigureAwait(false) != call)
                return "does not end when it is cancelled";
        }

        try
        {
            var results = await call.ConfigureAwait(false);
            var error = function.Name.StartsWith("__syscall", StringComparison.Ordinal) && results[0].AsI32() is < 0 and var number ? (Errno)(-number) : Errno.None;
            Note(function, took, error == Errno.None ? "returns" : $"{error}");
            return error == Errno.ENOTCAPABLE || !Enum.IsDefined(error) ? $"returns {error}" : null;
        }
        catch (MemoryTrapException)
        {
            Note(function, took, "traps");
            return null;
        }
        catch (WasmExitException)
        {
            Note(function, took, "exits");
            return null;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Note(function, took, "waits");
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it is a finding.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"{e}";
        }
    }

    private void Note(HostFunction function, TimeSpan took, string ending)
    {
        var seen = _seen.GetValueOrDefault(function.Name, (0, TimeSpan.Zero, []));
        seen.Endings.Add(ending);
        _seen[function.Name] = (seen.Calls + 1, took > seen.Longest ? took : seen.Longest, seen.Endings);
    }
}
