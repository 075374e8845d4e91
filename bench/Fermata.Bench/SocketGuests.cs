using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fermata.Wasi;

namespace Fermata.Bench;

/// <summary>Has very many WASI programs, each in a store of its own, wait in <c>poll_oneoff</c> for a server in another process.</summary>
internal sealed class SocketGuests(int count)
{
    /// <summary>What each program is sent, and ends with.</summary>
    public const byte Answer = 42;

    private const string Program = """
        (module
          (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "sock_recv" (func $receive (param i32 i32 i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 1)
          ;; A subscription to what can be read of descriptor 3, and a vector of one byte at 200.
          (data (i32.const 8) "\01")
          (data (i32.const 16) "\03")
          (data (i32.const 100) "\c8\00\00\00\01\00\00\00")
          (func (export "_start")
            (drop (call $poll (i32.const 0) (i32.const 48) (i32.const 1) (i32.const 96)))
            (drop (call $receive (i32.const 3) (i32.const 100) (i32.const 1) (i32.const 0) (i32.const 108) (i32.const 112)))
            (call $exit (i32.load8_u (i32.const 200)))))
        """;

    private readonly WasiProgram _program = new(Module.Parse(new Engine(), Program));

    public static SocketGuests Parse(ReadOnlySpan<string> arguments) => arguments switch
    {
        [] => new SocketGuests(10_000),
        ["--count", var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 => new SocketGuests(count),
        _ => throw new BenchException("sockets takes --count N, a number greater than zero, and nothing else."),
    };

    public async Task RunAsync()
    {
        Console.WriteLine(Machine.Description);
        using var server = StartServer();
        var address = new IPEndPoint(IPAddress.Loopback, int.Parse(await ReadAsync(server), CultureInfo.InvariantCulture));
        var sockets = new Socket[count];
        for (var i = 0; i < count; i++)
        {
            sockets[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await sockets[i].ConnectAsync(address);
        }

        await ReadAsync(server);
        using var process = Process.GetCurrentProcess();
        var (residentBefore, heapBefore) = (Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: true));
        var start = Stopwatch.GetTimestamp();
        var runs = Array.ConvertAll(sockets, socket => _program.RunAsync(new WasiBuilder().WithSocket(socket)));
        var parking = Stopwatch.GetElapsedTime(start);
        if (runs.Count(run => !run.IsCompleted) is var waiting && waiting != count)
            throw new BenchException($"{waiting} of {count} programs wait.");
        var heap = GC.GetTotalMemory(forceFullCollection: true) - heapBefore;
        process.Refresh();
        Console.WriteLine($"{count:N0} programs wait for a socket each, after {parking.TotalSeconds:F2} s");
        Console.WriteLine($"  {process.Threads.Count} threads, of which {ThreadPool.ThreadCount} are the pool's");
        Console.WriteLine($"  {(double)heap / count:N0} bytes a program on the heap, {(double)(Environment.WorkingSet - residentBefore) / count:N0} resident, {Environment.WorkingSet / 1048576.0:N0} MiB in all");

        var processor = Environment.CpuUsage.TotalTime;
        start = Stopwatch.GetTimestamp();
        await server.StandardInput.WriteLineAsync();
        foreach (var run in runs)
            Guest.Expect(await run, Answer);
        process.Refresh();
        Console.WriteLine(
            $"all were sent a byte and ended {Stopwatch.GetElapsedTime(start).TotalSeconds:F2} s later, with {(Environment.CpuUsage.TotalTime - processor).TotalSeconds:F2} s of processor time");
        Console.WriteLine($"  {process.Threads.Count} threads, {process.PeakWorkingSet64 / 1048576.0:N0} MiB resident at most");
        await server.StandardInput.WriteLineAsync();
    }

    private static async Task<string> ReadAsync(Process server) =>
        await server.StandardOutput.ReadLineAsync() ?? throw new BenchException("The process of the server has ended: are there enough file descriptors (ulimit -n)?");

    private Process StartServer()
    {
        var launch = Launch.Own(SocketServer.Option, count.ToString(CultureInfo.InvariantCulture));
        return Process.Start(new ProcessStartInfo(launch.Program, launch.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }
}
