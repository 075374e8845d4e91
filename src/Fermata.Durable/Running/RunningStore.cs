using System.Data.Common;
using System.Globalization;

namespace Fermata.Durable;

/// <summary>
/// A store that this process runs. Where a guest waits, the store is committed with what it waits for, and only then is the host called; what the host answers is recorded before the guest
/// goes on.
/// </summary>
internal sealed partial class RunningStore : IDisposable
{
    private readonly DurableHost _host;
    private readonly StoreRow _row;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource<bool> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskScheduler _functions;
    private readonly Action<string> _endedCall;

    /// <summary>Ends the calls of the snapshot: used where there is one only.</summary>
    private readonly CancellationTokenSource _only = new();

    /// <summary>What the guests wait for, by the keys of the waits.</summary>
    private readonly Dictionary<string, Wait> _waits = [];

    /// <summary>What they waited for when the store was written, until they ask for it again.</summary>
    private readonly Dictionary<string, WaitRow> _recorded;

    private readonly List<RunningCall> _calls = [];
    private readonly HashSet<string> _ended = [];
    private Store? _store;
    private Instance? _instance;
    private bool _isReady;
    private bool _isDisposed;

    /// <param name="host">The host.</param>
    /// <param name="row">The store as it was taken.</param>
    /// <param name="functions">Where functions of the host are called.</param>
    /// <param name="ended">Told of calls that have ended, or cannot be gone on with.</param>
    public RunningStore(DurableHost host, StoreRow row, TaskScheduler functions, Action<string> ended)
    {
        (_host, _row, _functions, _endedCall) = (host, row, functions, ended);
        _recorded = row.Waits.ToDictionary(static wait => wait.Key);
        _pages = row.Pages.Keys.ToHashSet();
    }

    public string Name => _row.Name;

    /// <summary>Ends when the store does not run here any more. It tells whether the store was given back: else it is another process's, or was told to stop.</summary>
    public Task<bool> End => _left.Task;

    /// <summary>Which a wait is in its store.</summary>
    public static string KeyOf(CallKey key) => string.Create(CultureInfo.InvariantCulture, $"{key.Call}/{key.Wait}");

    /// <summary>Goes on with the store, or makes it.</summary>
    public async Task RunAsync()
    {
        try
        {
            var module = await _host.Modules.GetAsync(_row.Module).ConfigureAwait(false);
            var restored = _row.Snapshot is { } snapshot ? Restore(module, snapshot) : null;
            await OpenSurroundingsAsync(module, restored).ConfigureAwait(false);
            if (restored is null)
                await MakeAsync(module).ConfigureAwait(false);
            RunningCall[] calls;
            lock (_lock)
            {
                if (_isDisposed)
                    return;
                foreach (var call in _row.Calls)
                    Add(call, restored);
                calls = [.. _calls];
                _isReady = true;
            }

            // Calls that the host has cancelled meanwhile fail where they wait.
            restored?.Resume();
            foreach (var call in calls)
                Start(call);
            RequestCommit();
        }
        catch (Exception) when (_isDisposed)
        {
            // It was told to stop in the middle of it.
        }
        catch (DbException exception) when (exception.IsTransient)
        {
            Log.DatabaseFailed(_host.Log, _host.Options.Database.Name, exception);
            await GiveBackAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await BlockAsync(exception).ConfigureAwait(false);
        }
    }

    /// <summary>Begins a wait of a guest, in its turn.</summary>
    public Task<object> Begin(CallKey callKey, DurableFunction function, Asked asked)
    {
        var key = KeyOf(callKey);
        if (!_isReady)
            throw new InvalidOperationException($"{function.Name} cannot be called while the instance is made: what runs then is not in a snapshot.");
        lock (_lock)
        {
            if (!_recorded.Remove(key, out var row))
            {
                var begun = new Wait(this, key, callKey.ToString(), function, asked, _host.Json);
                _waits.Add(key, begun);
                RequestCommit();
                return begun.Task;
            }

            // What was asked is as it was: a time is not counted anew.
            var wait = new Wait(this, key, callKey.ToString(), function, new Asked(row.Request, row.Event, row.Due), _host.Json) { IsCommitted = true };
            _waits.Add(key, wait);
            if (row.IsAnswered)
                wait.Answer(row.Result, row.Error);
            else
                Start(wait);
            return wait.Task;
        }
    }

    /// <summary>Notes that an answer is in the guest, in its turn.</summary>
    public void Take(Wait wait)
    {
        lock (_lock)
        {
            _waits.Remove(wait.Key);
            _taken.Add(wait.Key);
        }
    }

    /// <summary>Gives an event to the guest that waits for it.</summary>
    public void Deliver(string key, string content)
    {
        lock (_lock)
        {
            if (_waits.TryGetValue(key, out var wait))
                wait.Answer(content, null);
            else if (_recorded.TryGetValue(key, out var row))
                _recorded[key] = row with { Result = content };
        }
    }

    /// <summary>Adds a call that came after the store was taken, or ends one that was cancelled.</summary>
    public void Update(CallRow row)
    {
        RunningCall? call;
        var isNew = false;
        lock (_lock)
        {
            // What was read of a call may be older than its end.
            if (_isDisposed || !_isReady || _ended.Contains(row.Key))
                return;
            call = _calls.Find(known => known.Key == row.Key);
            if (call is null)
            {
                isNew = true;
                _calls.Add(call = new RunningCall(row));
            }
        }

        if (isNew)
            Start(call);
        else if (row.IsCancelled && !call.Cancel(CallRow.Cancelled))
            _ = GiveBackAsync();
    }

    /// <summary>Commits what runs as soon as it waits, or is out of fuel, and stops running the store.</summary>
    /// <param name="cancellationToken">Has it stop as it was at its last commit.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        bool isReady;
        lock (_lock)
            isReady = _isReady && !_isDisposed;
        if (isReady)
            await ((Task)Task.WhenAny(CommitAsync(), End)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Dispose();
    }

    /// <summary>Stops running the store, without another word to the database: it is another process's, or will be.</summary>
    public void Dispose()
    {
        Leave();
        _left.TrySetResult(false);
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }

        _end.Cancel();
        _host.Remove(this);
        _ = EndStoreAsync();
    }

    private async Task EndStoreAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync().ConfigureAwait(false);
        _calls.ForEach(static call => call.Dispose());
        if (_surroundings is not null)
            await _surroundings.DisposeAsync().ConfigureAwait(false);
    }

    private RestoredStore Restore(Module module, byte[] snapshot)
    {
        var restored = Store.Restore(
            _host.Options.Engine,
            new MemoryStream(snapshot),
            _host.Linker,
            new RestoreOptions { Modules = [module], Store = StoreOptions(module), Pages = PageSet.Of(_row.Pages), CancellationToken = _only.Token });
        _row.Pages.Clear();
        if (restored.Calls.FirstOrDefault(call => !_row.Calls.Exists(row => row.Key == call.Key)) is { } ended)
        {
            restored.Store.Dispose();
            throw new InvalidOperationException($"The store has the call '{ended.Key}' in the middle, which has failed: it has to be tried again, or be forgotten with its store.");
        }

        _store = restored.Store;
        _instance = restored.Instances[0];
        return restored;
    }

    private async Task MakeAsync(Module module)
    {
        _instance = await _host.Linker.InstantiateAsync(_store!, module, _end.Token).ConfigureAwait(false);
        if (_instance.TryGetFunction("_initialize", out var initialize))
            await initialize.InvokeAsync([], _end.Token).ConfigureAwait(false);
    }

    private StoreOptions StoreOptions(Module module) => _host.Options.Store with
    {
        FuelSource = _host.Options.Engine.Options.UsesFuel ? RefuelAsync : _host.Options.Store.FuelSource,

        // Functions of WASI rarely wait, and do so only where they can.
        CallsSuspendingImportsSynchronously = ProgramSurroundings.IsFor(module) || _host.Options.Store.CallsSuspendingImportsSynchronously,
    };

    /// <summary>What the guest has computed since the last commit is committed before it goes on.</summary>
    private async ValueTask<long> RefuelAsync()
    {
        await CommitAsync().ConfigureAwait(false);
        return _host.Options.FuelPerCommit;
    }

    /// <summary>Adds a call of the row, of which the snapshot knows unless it has not started.</summary>
    private void Add(CallRow row, RestoredStore? restored)
    {
        var call = new RunningCall(row);
        _calls.Add(call);
        if (restored?.Calls.FirstOrDefault(candidate => candidate.Key == row.Key) is not { } there)
            return;
        call.Attach(there, restored.Calls.Count == 1 ? _only : null);
        if (Reason(row) is not { } reason)
            return;

        // It ends where it waits.
        call.Cancel(reason);
        there.Pending?.Fail(new OperationCanceledException(reason));
    }

    /// <summary>Starts a call if it has not started, and looks after its end.</summary>
    private void Start(RunningCall call)
    {
        call.Task.ContinueWith(static (_, store) => ((RunningStore)store!).RequestCommit(), this, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (call.Row.Deadline is { } deadline)
            _ = EndAtAsync(call, deadline);
        if (call.HasStarted)
            return;
        if (Reason(call.Row) is { } reason && call.Cancel(reason))
            call.EndBefore(reason);
        else
            _ = Task.Run(() => call.Start(_instance!));
    }

    private string? Reason(CallRow row) => row.IsCancelled ? CallRow.Cancelled : row.Deadline <= _host.Now ? "Its deadline has passed." : null;

    private async Task EndAtAsync(RunningCall call, long deadline)
    {
        if (await WaitUntilAsync(deadline).ConfigureAwait(false) && !call.Cancel("Its deadline has passed."))
            await GiveBackAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until a time.</summary>
    /// <returns>Whether the store still runs here.</returns>
    private async Task<bool> WaitUntilAsync(long time)
    {
        try
        {
            // .NET's timers are for at most 49 days.
            while (time - _host.Now is > 0 and var rest)
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(rest, int.MaxValue)), _host.Options.Clock, _end.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Does what a wait is for, which is in the database. The lock may be held.</summary>
    private void Start(Wait wait)
    {
        if (wait.Asked.Due is { } due)
            _ = AnswerAtAsync(wait, due);
        else if (wait.Asked.Event is null)
            _ = Task.Factory.StartNew(() => CallAsync(wait), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _functions);
    }

    private async Task AnswerAtAsync(Wait wait, long due)
    {
        if (await WaitUntilAsync(due).ConfigureAwait(false))
            wait.Answer("null", null);
    }

    private async Task CallAsync(Wait wait)
    {
        string? result = null, error = null;
        try
        {
            Telemetry.HostCalls.Add(1);
            result = await wait.Function.CallAsync(new DurableCall(wait.FullKey, Name, _end.Token), wait.Asked.Request).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Who was told to stop has not failed: another process asks again.
            if (_end.IsCancellationRequested)
                return;
            error = StorableText.Of(exception);
            Log.FunctionFailed(_host.Log, wait.Function.Name, Name, exception);
        }

        try
        {
            if (await _host.Writer.RunAsync(session => StoreRows.AnswerAsync(session, _row, wait.Key, result, error)).ConfigureAwait(false))
                wait.Answer(result, error);
            else
                Lose();
        }
        catch (Exception exception) when (exception is not ObjectDisposedException)
        {
            await BlockAsync(exception).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private void Lose()
    {
        Log.StoreLost(_host.Log, Name);
        Dispose();
    }

    /// <summary>Has the store be taken again as it was at the last commit.</summary>
    private async Task GiveBackAsync()
    {
        Leave();
        try
        {
            await _host.Writer.RunAsync(session => session.ExecuteAsync(
                "UPDATE fermata_stores SET owner = NULL, due = 0 WHERE name = @name AND epoch = @epoch", ("name", Name), ("epoch", _row.Epoch))).ConfigureAwait(false);
            _left.TrySetResult(true);
            _host.Wake();
        }
        finally
        {
            _left.TrySetResult(false);
        }
    }

    /// <summary>Leaves the store to an operator, as it was at the last commit.</summary>
    private async Task BlockAsync(Exception exception)
    {
        Log.StoreBlocked(_host.Log, Name, exception);
        Leave();
        try
        {
            await _host.Writer.RunAsync(session => Leases.BlockAsync(session, _row, StorableText.Of(exception))).ConfigureAwait(false);
            _left.TrySetResult(true);
        }
        catch (ObjectDisposedException)
        {
        }
        finally
        {
            _left.TrySetResult(false);
        }

        foreach (var call in _row.Calls)
            Notify(call.Key);
    }

    /// <summary>Tells who waits for a call to look.</summary>
    private void Notify(string key)
    {
        _host.Notify(key);
        _endedCall(key);
    }
}
