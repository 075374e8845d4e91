using System.Collections.Concurrent;
using Fermata.Fuzz.Running;

namespace Fermata.Fuzz.Soak;

/// <summary>The functions of the host that hostile modules call: good ones, and ones that make it hard for the engine to end a call.</summary>
internal sealed class SoakHost(Action end)
{
    private static readonly FuncType Nesting = new([ValType.I32, ValType.I32], []);

    // Something must refer to it: else the call that waits for it is collected.
    private readonly TaskCompletionSource _never = new();

    /// <summary>What the host swallowed.</summary>
    public ConcurrentQueue<Exception> Swallowed { get; } = [];

    public void DefineIn(Linker linker, Store store) => linker
        .Define("host", "exception", store.HostExceptionTag)
        .Define("env", "pause", async Task (int milliseconds, CancellationToken token) => await (milliseconds == 0 ? YieldAsync() : Task.Delay(milliseconds, token)).ConfigureAwait(false))
        .Define("env", "ready", () => Task.CompletedTask)
        .Define("env", "never", () => _never.Task)
        .Define("env", "write", async Task<byte[]> (int address) =>
        {
            await Task.Yield();
            return new byte[address % 256];
        }, (Caller caller, byte[] bytes, int address) => bytes.CopyTo(caller.Memory.GetSpan(address, bytes.Length)))
        .Define("env", "nest", (Caller caller, int index, int argument) => { Target(caller, index).Invoke([argument], CancellationToken.None); })
        .Define("env", "await", async Task (Caller caller, int index, int argument, CancellationToken token) =>
            await Target(caller, index).InvokeAsync([argument], token).ConfigureAwait(false))
        .Define("env", "swallow", Swallow)
        .Define("env", "swallowAsync", SwallowAsync)
        .Define("env", "untyped", Nesting, (caller, arguments, _) => Swallow(caller, arguments[0].AsI32(), arguments[1].AsI32()))
        .Define("env", "fail", void () => throw new HostException("thrown by the host"))
        .Define("env", "failAsync", async Task () =>
        {
            await Task.Yield();
            throw new HostException("thrown by the host, later");
        })
        .Define("env", "exit", void () => throw new WasmExitException(3))
        .Define("env", "end", end);

    private static async Task YieldAsync() => await Task.Yield();

    private static Function Target(Caller caller, int index) => index < 16 ? caller.GetTable("table").GetFunction(index) : throw new HostException("no such element");

    private void Swallow(Caller caller, int index, int argument)
    {
        try
        {
            Target(caller, index).Invoke([argument], CancellationToken.None);
        }
#pragma warning disable CA1031 // As code does that logs what went wrong and goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Note(e);
        }
    }

    private async Task SwallowAsync(Caller caller, int index, int argument, CancellationToken token)
    {
        try
        {
            await Target(caller, index).InvokeAsync([argument], token).ConfigureAwait(false);
        }
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            Note(e);
        }
    }

    private void Note(Exception exception)
    {
        if (!Expected.IsExpected(exception))
            Swallowed.Enqueue(exception);
    }
}
