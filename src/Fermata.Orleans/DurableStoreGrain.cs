using System.Data.Common;
using System.Text.Json;
using Fermata.Durable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Fermata.Orleans;

/// <summary>Holds a store: takes it when it is due, and has the grain live as long as it runs.</summary>
[Reentrant]
[GrainType("fermata-store")]
internal sealed class DurableStoreGrain : Grain, IDurableStoreGrain, IRemindable, IGrainMigrationParticipant, IIncomingGrainCallFilter, IDisposable
{
    private const string ReminderKey = "fermata.reminder", ObserversKey = "fermata.observers";

    private readonly DurableHost _host;
    private readonly ILogger _log;
    private readonly StoreReminder _reminder;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Who is to be told of the ends of which calls.</summary>
    private Dictionary<string, List<IDurableCallObserver>> _observers = [];
    private TaskScheduler _scheduler = TaskScheduler.Default;
    private Task _loop = Task.CompletedTask;
    private RunningStore? _store;
    private IGrainTimer? _timer;

    /// <summary>How many requests are about to change what the store waits for.</summary>
    private int _changes;
    private bool _isWanted;

    public DurableStoreGrain(DurableHostAccessor accessor, IOptions<ReminderOptions> reminders, ILogger<DurableStoreGrain> log)
    {
        (_host, _log) = (accessor.Host, log);
        _reminder = new StoreReminder(this, reminders.Value.MinimumReminderPeriod, _host.Options.Clock);
    }

    private string Name => this.GetPrimaryKeyString();

    /// <summary>Who calls may not have the library of the database, and no exception of it.</summary>
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (DbException exception)
        {
            throw new IOException($"The database of the store '{Name}' failed: {exception.Message}");
        }
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _scheduler = TaskScheduler.Current;
        Look();
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (_store is { } store)
            await store.StopAsync(cancellationToken);
        await _loop;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _store?.Dispose();
        _reminder.Dispose();
    }

    public Task<bool> StartAsync(string callKey, string module, string export, Value[] arguments, DateTimeOffset? deadline)
    {
        var hash = Convert.FromHexString(module);
        return ChangeAsync(() => _host.StartCallAsync(
            callKey, new DurableModule(hash, module), export, arguments, new DurableCallOptions { Store = callKey == Name ? null : Name, Deadline = deadline }));
    }

    public Task<bool> StartProgramAsync(string module, string[] arguments, DateTimeOffset? deadline)
    {
        var hash = Convert.FromHexString(module);
        return ChangeAsync(() => _host.StartProgramAsync(Name, new DurableModule(hash, module), arguments, deadline));
    }

    public async Task<DurableCallStatus?> GetStateAsync(string callKey, IDurableCallObserver? observer)
    {
        // Before the state is read, so that an end in between is told.
        if (observer is not null)
            Observe(callKey, observer);
        var call = await _host.FindAsync(callKey);
        if (call is null || call.Store != Name)
            call = null;
        if (call is not { State: DurableCallState.Running, Error: null })
            _observers.Remove(callKey);
        return call is null ? null : new DurableCallStatus(call.State, call.Results is null ? null : [.. call.Results], call.Error);
    }

    public Task<bool> RaiseJsonAsync(string eventName, string json)
    {
        try
        {
            JsonDocument.Parse(json).Dispose();
        }
        catch (JsonException exception)
        {
            throw new ArgumentException($"The content of the event '{eventName}' is not JSON.", nameof(json), exception);
        }

        return ChangeAsync(() => _host.RaiseJsonAsync(Name, eventName, json));
    }

    public Task<bool> CancelAsync(string callKey) => ChangeAsync(() => _host.CancelAsync(callKey));

    public Task<bool> RetryAsync(string callKey) => ChangeAsync(() => _host.RetryAsync(callKey));

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Look();
        return Task.CompletedTask;
    }

    public void OnDehydrate(IDehydrationContext dehydrationContext)
    {
        dehydrationContext.TryAddValue(ReminderKey, _reminder.First);
        dehydrationContext.TryAddValue(ObserversKey, _observers);
    }

    public void OnRehydrate(IRehydrationContext rehydrationContext)
    {
        if (rehydrationContext.TryGetValue(ReminderKey, out DateTimeOffset? first))
            _reminder.First = first;
        if (rehydrationContext.TryGetValue(ObserversKey, out Dictionary<string, List<IDurableCallObserver>>? observers) && observers is not null)
            _observers = observers;
    }

    /// <summary>Changes what is in the database. The reminder is there before, so that the store goes on whatever becomes of this silo.</summary>
    private async Task<bool> ChangeAsync(Func<Task<bool>> change)
    {
        _changes++;
        try
        {
            await _reminder.SoonAsync();
            return await change();
        }
        finally
        {
            _changes--;
            Look();
        }
    }

    /// <summary>Has the store be taken if it is due.</summary>
    private void Look()
    {
        _isWanted = true;
        if (_loop.IsCompleted)
            _loop = RunAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            while (_isWanted && !_stop.IsCancellationRequested)
            {
                _isWanted = false;
                var taken = await _host.TakeAsync(Name, _scheduler, OnEnded, _stop.Token);
                if (taken.Store is null)
                    await RestAsync(taken);
                else if (!await HoldAsync(taken.Store))
                    return;
                else
                    _isWanted = true;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The grain is deactivated.
        }
        catch (Exception exception)
        {
            Log.StoreNotHeld(_log, Name, exception);
            Leave();
        }
    }

    /// <summary>Lives as long as the store runs.</summary>
    /// <returns>Whether it was given back.</returns>
    private async Task<bool> HoldAsync(RunningStore store)
    {
        _store = store;
        try
        {
            if (_stop.IsCancellationRequested)
                return false;
            DelayDeactivation(Timeout.InfiniteTimeSpan);
            await _reminder.SoonAsync();
            if (await store.End)
                return true;
            Leave();
            return false;
        }
        finally
        {
            _store = null;
            store.Dispose();
            DelayDeactivation(TimeSpan.Zero);
        }
    }

    /// <summary>Waits for what makes the store due: a timer if it is soon, else the reminder.</summary>
    private async Task RestAsync(TakenStore taken)
    {
        _timer?.Dispose();
        _timer = null;
        var due = taken.Due is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : (DateTimeOffset?)null;
        if (due - _host.Options.Clock.GetUtcNow() is { } rest && rest <= _reminder.Period)
        {
            _timer = this.RegisterGrainTimer(
                static (grain, _) =>
                {
                    grain.Look();
                    return Task.CompletedTask;
                },
                this,
                new GrainTimerCreationOptions(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true, KeepAlive = true });
        }

        await _reminder.RestAsync(due, taken.IsLive, () => _changes == 0 && !_isWanted);
    }

    /// <summary>Another activation has the store, or this silo ends: what comes next is for the one that Orleans chooses then.</summary>
    private void Leave()
    {
        if (!_stop.IsCancellationRequested)
            DeactivateOnIdle();
    }

    private void Observe(string callKey, IDurableCallObserver observer)
    {
        if (!_observers.TryGetValue(callKey, out var observers))
            _observers.Add(callKey, observers = []);
        if (!observers.Contains(observer))
            observers.Add(observer);
    }

    /// <summary>A call has ended; told on any thread.</summary>
    private void OnEnded(string callKey) =>
        _ = Task.Factory.StartNew(() => Tell(callKey), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler);

    private void Tell(string callKey)
    {
        if (!_observers.Remove(callKey, out var observers))
            return;
        foreach (var observer in observers)
            observer.EndedAsync(callKey).Ignore();
    }
}
