using System.Diagnostics.CodeAnalysis;
using Fermata.Platform;

namespace Fermata.Wasi;

/// <summary>The threads of one run of a program: each has a store of its own, and all share the memory and the <see cref="WasiContext"/>. The first that ends the program ends all.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source of cancellation without a timer holds nothing as long as nobody asks for its wait handle.")]
[SuppressMessage("Design", "CA1031", Justification = "Whatever a thread fails with, the run fails with.")]
internal sealed class WasiThreads(Module module, Linker linker, WasiContext context, StoreOptions options)
{
    /// <summary>The numbers of threads have 29 bits, and 0 is none.</summary>
    private const int LastNumber = (1 << 29) - 1;

    private const string ThreadStart = "wasi_thread_start";

    private readonly bool _hasThreadStart = module.Exports.Any(export =>
        export is { Name: ThreadStart, Type: FunctionType { Signature: { Parameters: [var first, var second], Results: [] } } } && first == ValType.I32 && second == ValType.I32);

    // A thread has a C stack where the program put it, and its store no other call.
    private readonly StoreOptions _options = options with { ShadowStack = ShadowStackPolicy.None };

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Task> _running = [];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The first end.</summary>
    private readonly TaskCompletionSource<int> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _number;

    /// <summary>Runs the program.</summary>
    /// <param name="store">The store of the thread that it begins with.</param>
    /// <param name="cancellationToken">Ends all threads.</param>
    /// <returns>Its exit code, when all threads have ended.</returns>
    public async Task<int> RunAsync(Store store, CancellationToken cancellationToken)
    {
        store.SetData(this);
        var registration = cancellationToken.UnsafeRegister(_ => End(new OperationCanceledException(cancellationToken)), null);
        await using (registration.ConfigureAwait(false))
        {
            await RunMainAsync(store).ConfigureAwait(false);
            await WaitForThreadsAsync().ConfigureAwait(false);
            return await _end.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Starts a thread.</summary>
    /// <param name="argument">What it is given.</param>
    /// <returns>Its number; negative, and an <see cref="Errno"/>, if there is none.</returns>
    public int Spawn(int argument)
    {
        lock (_lock)
        {
            if (!_hasThreadStart || _running.Count >= context.MostThreads || _end.Task.IsCompleted)
                return -(int)Errno.EAGAIN;
            do
                _number = _number % LastNumber + 1;
            while (_running.ContainsKey(_number));
            var number = _number;
            try
            {
                _running.Add(number, Start(() => RunThreadAsync(number, argument)));
            }
            catch (TaskSchedulerException)
            {
                // The process can have no more threads.
                return -(int)Errno.EAGAIN;
            }

            return number;
        }
    }

    /// <summary>Starts on a thread of its own, on which it stays up to its first wait: some that compute would keep all of the pool, and those that come after them waiting.</summary>
    private static Task Start(Func<Task> run) =>
        Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

    private async Task RunMainAsync(Store store)
    {
        try
        {
            await CallAsync(store, "_start").ConfigureAwait(false);
            End(new WasmExitException(0));
        }
        catch (Exception e)
        {
            End(e);
        }
    }

    private async Task RunThreadAsync(int number, int argument)
    {
        try
        {
            var store = new Store(module.Engine, _options);
            await using (store.ConfigureAwait(false))
            {
                store.SetData(context);
                store.SetData(this);
                await CallAsync(store, ThreadStart, number, argument).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            End(e);
        }
        finally
        {
            lock (_lock)
                _running.Remove(number);
        }
    }

    private async Task CallAsync(Store store, string export, params Value[] arguments)
    {
        var instance = await linker.InstantiateAsync(store, module, _stop.Token).ConfigureAwait(false);
        await instance.GetFunction(export).InvokeAsync(arguments, _stop.Token).ConfigureAwait(false);
    }

    /// <summary>Ends the program, unless it has ended: what other threads fail with then is that they are ended.</summary>
    private void End(Exception reason)
    {
        if (reason is WasmExitException exit ? _end.TrySetResult(exit.ExitCode) : _end.TrySetException(reason))
            _stop.Cancel();
    }

    private Task WaitForThreadsAsync()
    {
        lock (_lock)
            return Task.WhenAll(_running.Values);
    }
}
