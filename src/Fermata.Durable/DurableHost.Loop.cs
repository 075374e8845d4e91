namespace Fermata.Durable;

/// <content>What takes stores that are due, and tells others that this process lives.</content>
public sealed partial class DurableHost
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Room for stores that are taken by their names.</summary>
    private readonly SemaphoreSlim _room;
    private Task _loop = Task.CompletedTask;
    private Task? _lease;
    private bool _isLost;
    private bool _isDisposed;

    /// <summary>Names this process for as long as others believe that it lives.</summary>
    internal string Owner { get; private set; } = Leases.NewOwner();

    /// <summary>Begins to run calls: those that are due, those that others start, and those of processes that have ended.</summary>
    /// <exception cref="InvalidOperationException">It runs already, or was stopped.</exception>
    public Task StartAsync() => StartAsync(takes: true);

    /// <summary>Begins to run calls.</summary>
    /// <param name="takes">Whether it takes stores that are due; else it runs those that it is told to run, by <see cref="TakeAsync(string, TaskScheduler, Action{string}, CancellationToken)"/>.</param>
    internal async Task StartAsync(bool takes)
    {
        if (_lease is not null)
            throw new InvalidOperationException("The host was started already.");
        await Writer.RunAsync(session => Leases.RegisterAsync(session, Owner, Options.LeaseTime)).ConfigureAwait(false);
        if (takes)
            _loop = Task.Run(RunAsync);
        _lease = Task.Run(KeepLeaseAsync);
    }

    /// <summary>Stops running calls, and leaves them to other processes, as they were at their last commits. Functions of the host that are on their way are told by their tokens.</summary>
    public async Task StopAsync()
    {
        if (_lease is null || _stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_loop, _lease).ConfigureAwait(false);
        DropAll();
        await Writer.RunAsync(session => Leases.EndAsync(session, Owner)).ConfigureAwait(false);
    }

    /// <summary>Stops, and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await StopAsync().ConfigureAwait(false);
        await Writer.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>Has stores that are due be looked for now.</summary>
    internal void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is about to look anyway.
        }
    }

    /// <summary>Runs a store here if it is due, whoever had it; what that one still wants to write is refused.</summary>
    /// <param name="name">The store.</param>
    /// <param name="functions">Where functions of the host are called.</param>
    /// <param name="ended">Told of calls that have ended, or cannot be gone on with.</param>
    /// <param name="cancellationToken">Ends the wait for room: at most <see cref="DurableHostOptions.MaxRunningStores"/> run at once.</param>
    internal async Task<TakenStore> TakeAsync(string name, TaskScheduler functions, Action<string> ended, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        RunningStore? store = null;
        try
        {
            var owner = Owner;
            var (row, due, isLive) = await Writer.RunAsync(session => Leases.TakeAsync(session, owner, name)).ConfigureAwait(false);
            if (row is null)
                return new TakenStore(null, due, isLive);
            store = new RunningStore(this, row, functions, ended);
            _ = store.End.ContinueWith(static (_, room) => ((SemaphoreSlim)room!).Release(), _room, TaskScheduler.Default);
            Run(store);
            return new TakenStore(store, null, true);
        }
        finally
        {
            if (store is null)
                _room.Release();
        }
    }

    private void Run(RunningStore store)
    {
        // Who was taken for dead may take a store from itself.
        RunningStore? former = null;
        _running.AddOrUpdate(store.Name, store, (_, other) =>
        {
            former = other;
            return store;
        });
        former?.Dispose();
        Telemetry.Resumes.Add(1);
        _ = Task.Run(store.RunAsync);
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var pause = Options.PollInterval;
            try
            {
                pause = await TakeAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not ObjectDisposedException)
            {
                Durable.Log.DatabaseFailed(Log, Options.Database.Name, exception);
            }

            try
            {
                await _wake.WaitAsync(pause, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Takes what is due, as far as there is room.</summary>
    /// <returns>How long nothing is to be done, as far as is known.</returns>
    private async Task<TimeSpan> TakeAsync()
    {
        var room = Options.MaxRunningStores - _running.Count;
        if (room <= 0 || _isLost)
            return Options.PollInterval;
        var owner = Owner;
        var (stores, next) = await Writer.RunAsync(async session =>
        {
            var claimed = await Leases.ClaimAsync(session, owner, room).ConfigureAwait(false);
            return (claimed, claimed.Count < room ? await Leases.NextDueAsync(session).ConfigureAwait(false) : session.Now);
        }).ConfigureAwait(false);
        foreach (var row in stores)
            Run(new RunningStore(this, row, TaskScheduler.Default, static _ => { }));
        var wait = TimeSpan.FromMilliseconds(Math.Clamp((next ?? long.MaxValue) - Now, 0, (long)Options.PollInterval.TotalMilliseconds));
        return stores.Count == room ? Options.PollInterval : wait;
    }

    /// <summary>Says that the process lives, and hears what others have done to its stores.</summary>
    private async Task KeepLeaseAsync()
    {
        var lastSweep = Now;
        var lastRenewal = Now;
        while (true)
        {
            try
            {
                await Task.Delay(Options.PollInterval, _stop.Token).ConfigureAwait(false);
                if (Now - lastRenewal > Options.LeaseTime.TotalMilliseconds / 3)
                {
                    await RenewAsync().ConfigureAwait(false);
                    lastRenewal = Now;
                }

                await HearNewsAsync().ConfigureAwait(false);
                if (Now - lastSweep > SweepInterval.TotalMilliseconds)
                {
                    lastSweep = Now;
                    await Writer.RunAsync(Leases.SweepPagesAsync).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is not ObjectDisposedException)
            {
                Durable.Log.DatabaseFailed(Log, Options.Database.Name, exception);
            }
        }
    }

    private async Task RenewAsync()
    {
        if (await Writer.RunAsync(session => Leases.RenewAsync(session, Owner, Options.LeaseTime)).ConfigureAwait(false))
            return;

        // Others may have its stores by now: it begins anew, under another name.
        Durable.Log.LeaseLost(Log, Options.LeaseTime);
        _isLost = true;
        DropAll();
        var owner = Leases.NewOwner();
        await Writer.RunAsync(session => Leases.RegisterAsync(session, owner, Options.LeaseTime)).ConfigureAwait(false);
        Owner = owner;
        _isLost = false;
    }

    private async Task HearNewsAsync()
    {
        if (_running.IsEmpty)
            return;
        var (raised, calls) = await ReadAsync(session => StoreRows.NewsAsync(session, Owner)).ConfigureAwait(false);
        foreach (var wait in raised)
        {
            if (_running.TryGetValue(wait.Store, out var store))
                store.Deliver(wait.Key, wait.Result!);
        }

        foreach (var call in calls)
        {
            if (_running.TryGetValue(call.Store, out var store))
                store.Update(call);
        }
    }

    private void DropAll()
    {
        foreach (var store in _running.Values)
            store.Dispose();
    }
}
