using System.IO.Pipelines;
using System.Text;

namespace Fermata.Programs.Tests;

/// <summary>A program that runs, with its standard streams at the test's end of pipes.</summary>
internal sealed class PipedGuest : IAsyncDisposable
{
    private readonly Pipe _input = new();
    private readonly Pipe _output = new();
    private readonly StreamReader _lines;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Store _store;

    /// <summary>Starts it.</summary>
    /// <param name="program">The program.</param>
    /// <param name="newBuilder">Makes what it is given but its streams.</param>
    public PipedGuest(WasiProgram program, Func<WasiBuilder> newBuilder)
    {
        _lines = new StreamReader(_output.Reader.AsStream());
        _store = new Store(program.Module.Engine, new StoreOptions { CallsSuspendingImportsSynchronously = true });
        ExitCode = Task.Run(() => program.RunAsync(newBuilder().WithInput(_input.Reader).WithOutput(_output.Writer), _store, _cancellation.Token));
    }

    /// <summary>Its exit code, when it has ended.</summary>
    public Task<int> ExitCode { get; }

    /// <summary>Writes to its standard input.</summary>
    /// <param name="text">The text.</param>
    public async Task WriteAsync(string text) => await _input.Writer.WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Ends its standard input.</summary>
    public async Task CompleteAsync() => await _input.Writer.CompleteAsync();

    /// <summary>Reads a line of its standard output.</summary>
    public async Task<string?> ReadLineAsync() => await _lines.ReadLineAsync();

    /// <summary>Reads a character of its standard output.</summary>
    public async Task<char> ReadCharAsync()
    {
        var character = new char[1];
        Assert.Equal(1, await _lines.ReadAsync(character));
        return character[0];
    }

    /// <summary>Returns when its call is suspended and waits for an import.</summary>
    /// <param name="import">The name of the import.</param>
    public async Task WaitsForAsync(string import)
    {
        while (_store.Fibers is not [{ State: FiberState.Suspended, WaitsFor: { } name }] || !name.Contains(import, StringComparison.Ordinal))
        {
            Assert.False(ExitCode.IsCompleted, $"It has ended, and does not wait for {import}.");
            await Task.Delay(5);
        }
    }

    /// <summary>Cancels it.</summary>
    public Task CancelAsync() => _cancellation.CancelAsync();

    /// <summary>Ends it, if it has not ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _cancellation.CancelAsync();
        await ExitCode.ContinueWith(static _ => { }, TaskScheduler.Default);
        await _store.DisposeAsync();
        _cancellation.Dispose();
        _lines.Dispose();
    }
}
