using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Fermata.Durable;

/// <summary>
/// Calls of WebAssembly functions, and programs of WASI, that outlive the process. Where a guest waits for the host, what has changed in its memory, its frames and what it asks are committed in one transaction, and only then
/// is the host's function called; its answer is recorded before the guest goes on. So each step of the guest happens once, whenever processes end, and each function of the host is called at
/// least once, with a key by which it can tell.
/// </summary>
/// <remarks>Define functions and add modules, then <see cref="StartAsync()"/>. Calls can be started and asked for by any process that has the database, also one that runs none itself.</remarks>
public sealed partial class DurableHost : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RunningStore> _running = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new();

    private DurableHost(DurableHostOptions options)
    {
        Options = options;
        Log = options.Logging.CreateLogger<DurableHost>();
        Linker = new Linker(options.Engine);
        Modules = new Modules(this);
        Writer = new Writer(options.Database, options.Clock, Log);
        _room = new SemaphoreSlim(options.MaxRunningStores);
    }

    /// <summary>How it works.</summary>
    public DurableHostOptions Options { get; }

    /// <summary>
    /// Other functions that modules import. What they do is not recorded: when a process ends, they are called again for all that the guest does anew since its last commit. They must not
    /// return tasks.
    /// </summary>
    public Linker Linker { get; }

    /// <summary>How many stores run in this process now.</summary>
    public int RunningStores => _running.Count;

    /// <summary>Whether the process runs calls, and others believe that it lives.</summary>
    public bool IsRunning => _lease is { IsCompleted: false } && !_isLost;

    internal ILogger Log { get; }

    internal Modules Modules { get; }

    internal KnownPages KnownPages { get; } = new();

    internal Writer Writer { get; }

    internal JsonSerializerOptions Json => Options.Json;

    internal long Now => Options.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Opens the database, and makes its tables if they are not there.</summary>
    /// <param name="options">How.</param>
    /// <exception cref="DbException">The database cannot be opened.</exception>
    public static async Task<DurableHost> OpenAsync(DurableHostOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxRunningStores, nameof(options));

        // First by itself, as the writer would try a database without end that is not there.
        await using (var connection = await options.Database.OpenAsync().ConfigureAwait(false))
        await using (var transaction = await options.Database.BeginAsync(connection).ConfigureAwait(false))
        {
            var session = new Session(options.Database, connection, transaction, 0);
            await session.ExecuteAsync(options.Database.LockOfSchema).ConfigureAwait(false);
            await session.ExecuteAsync(Schema.Create).ConfigureAwait(false);
            await transaction.CommitAsync().ConfigureAwait(false);
        }

        return new DurableHost(options);
    }

    /// <summary>Adds a module, under the SHA-256 of its bytes.</summary>
    /// <param name="bytes">The module, in the binary format.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="ModuleException">It is not valid.</exception>
    public Task<DurableModule> AddModuleAsync(byte[] bytes, string name)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(name);
        return Modules.AddAsync(bytes, name);
    }

    /// <summary>Starts a call, unless there is one with the key already, whatever became of it.</summary>
    /// <param name="key">The key by which it is found from now on.</param>
    /// <param name="module">The module.</param>
    /// <param name="export">The function.</param>
    /// <param name="arguments">Its arguments: numbers and vectors.</param>
    /// <param name="options">Where it runs, and until when; null for the defaults.</param>
    /// <returns>Whether it was started.</returns>
    /// <exception cref="NotSupportedException">An argument is a reference.</exception>
    /// <exception cref="ArgumentException">The store is there, and of another module.</exception>
    public async Task<bool> StartCallAsync(string key, DurableModule module, string export, IReadOnlyList<Value> arguments, DurableCallOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(export);
        ArgumentNullException.ThrowIfNull(arguments);
        options ??= DurableCallOptions.Default;
        return await AddCallAsync(key, options.Store ?? key, options.Store is not null, module, export, ValueData.Encode([.. arguments]), options.Deadline).ConfigureAwait(false);
    }

    private async Task<bool> AddCallAsync(string key, string storeName, bool isKept, DurableModule module, string export, byte[] arguments, DateTimeOffset? deadline)
    {
        var call = new CallRow(key, storeName, export, arguments, DurableCallState.Running, false, deadline?.ToUnixTimeMilliseconds(), null, null, 0, 0);
        var isStarted = await Writer.RunAsync(session => StoreRows.AddCallAsync(session, call, module.HashBytes, isKept)).ConfigureAwait(false);
        if (isStarted && _running.TryGetValue(call.Store, out var store))
            store.Update(call);
        Wake();
        return isStarted;
    }

    /// <summary>Waits for the results of a call, whichever process runs it.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the wait; the call goes on.</param>
    /// <exception cref="KeyNotFoundException">There is no call with the key.</exception>
    /// <exception cref="DurableCallException">It failed, was cancelled, or cannot be gone on with.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async Task<Value[]> GetResultsAsync(string key, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var ended = _awaited.GetOrAdd(key, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            var call = await FindAsync(key).ConfigureAwait(false) ?? throw new KeyNotFoundException($"There is no call '{key}'.");
            if (call is { State: DurableCallState.Running, Error: null })
            {
                await Task.WhenAny(ended.Task, Task.Delay(Options.PollInterval, cancellationToken)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                continue;
            }

            _awaited.TryRemove(key, out _);
            return call.State == DurableCallState.Completed ? [.. call.Results!] : throw new DurableCallException(key, call.State, call.Error);
        }
    }

    /// <summary>A call; null if there is none with the key.</summary>
    /// <param name="key">Its key.</param>
    public async Task<DurableCallInfo?> FindAsync(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return await ListAsync("WHERE c.key = @key", ("key", key)).ConfigureAwait(false) is [var call] ? call : null;
    }

    /// <summary>The calls, the newest first.</summary>
    /// <param name="state">How far they are; null for all.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="skip">How many are passed over before.</param>
    public Task<IReadOnlyList<DurableCallInfo>> ListAsync(DurableCallState? state = null, int most = 100, int skip = 0) => ListAsync(
        $"{(state is null ? "" : "WHERE c.state = @state")} ORDER BY c.created DESC, c.key LIMIT @most OFFSET @skip", ("state", (long)(state ?? 0)), ("most", most), ("skip", skip));

    /// <summary>How many calls there are.</summary>
    /// <param name="state">How far they are; null for all.</param>
    public async Task<long> CountAsync(DurableCallState? state = null)
    {
        var counts = await ReadAsync(session => session.QueryAsync(
            $"SELECT COUNT(*) FROM fermata_calls {(state is null ? "" : "WHERE state = @state")}", static row => row.GetInt64(0), ("state", (long)(state ?? 0)))).ConfigureAwait(false);
        return counts[0];
    }

    /// <summary>Ends a call: one that runs or waits in this process now, any other as soon as a process has it.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>Whether there is one that had not ended.</returns>
    public async Task<bool> CancelAsync(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var row = await Writer.RunAsync(session => StoreRows.CancelAsync(session, key)).ConfigureAwait(false);
        if (row is null)
            return false;
        if (_running.TryGetValue(row.Store, out var store))
            store.Update(row);
        Wake();
        return true;
    }

    /// <summary>
    /// Has a call that failed be tried again from its last commit, and functions of the host that had failed be asked again; so also a call that cannot be gone on with, once what kept it from
    /// that is mended. In a store that was named a call that failed starts from the beginning.
    /// </summary>
    /// <param name="key">Its key.</param>
    /// <returns>Whether there is such a call.</returns>
    public async Task<bool> RetryAsync(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var isRetried = await Writer.RunAsync(session => StoreRows.RetryAsync(session, key)).ConfigureAwait(false);
        Wake();
        return isRetried;
    }

    /// <summary>Forgets a call that has ended.</summary>
    /// <param name="key">Its key, which may be used again.</param>
    /// <returns>Whether there was one that has ended.</returns>
    public Task<bool> ForgetAsync(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Writer.RunAsync(session => StoreRows.ForgetAsync(session, key));
    }

    /// <summary>Raises an event: the guest that waits for it goes on, or the next that does.</summary>
    /// <param name="store">The store of the guest: unless another was named, the key of its call.</param>
    /// <param name="eventName">The event.</param>
    /// <param name="content">What the guest gets, of the type for which the function that waits was defined.</param>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>Whether somebody waited for it.</returns>
    /// <exception cref="KeyNotFoundException">There is no such store: its calls have ended, or were not started.</exception>
    public async Task<bool> RaiseAsync<T>(string store, string eventName, T content)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(eventName);
        return await RaiseJsonAsync(store, eventName, JsonSerializer.Serialize(content, Json)).ConfigureAwait(false);
    }

    /// <inheritdoc cref="RaiseAsync"/>
    internal async Task<bool> RaiseJsonAsync(string store, string eventName, string json)
    {
        var key = await Writer.RunAsync(session => StoreRows.RaiseAsync(session, store, eventName, json)).ConfigureAwait(false);
        if (key is not null && _running.TryGetValue(store, out var running))
            running.Deliver(key, json);
        Wake();
        return key is not null;
    }

    /// <summary>What the calls of a store wait for, and where in their code. The store is restored for that, and nothing of it runs.</summary>
    /// <param name="store">The store: unless another was named, the key of the call.</param>
    /// <exception cref="KeyNotFoundException">There is no such store.</exception>
    public async Task<IReadOnlyList<DurableWaitInfo>> InspectAsync(string store)
    {
        ArgumentNullException.ThrowIfNull(store);
        var row = await ReadAsync(session => Leases.ReadAsync(session, store)).ConfigureAwait(false) ?? throw new KeyNotFoundException($"There is no store '{store}'.");
        if (row.Snapshot is null)
            return [];
        var module = await Modules.GetAsync(row.Module).ConfigureAwait(false);
        var restored = Store.Restore(
            Options.Engine, new MemoryStream(row.Snapshot), Linker, new RestoreOptions { Modules = [module], Store = Options.Store, Pages = PageSet.Of(row.Pages) });
        using var _ = restored.Store;
        var stacks = restored.Store.Fibers.ToDictionary(static fiber => fiber.Id, static fiber => fiber.WasmStack);
        var waits = row.Waits.ToDictionary(static wait => wait.Key);
        return
        [
            .. from pending in restored.Pending
               let wait = waits.GetValueOrDefault(RunningStore.KeyOf(pending.CallKey))
               where wait is not null
               select new DurableWaitInfo(
                   wait.Function, wait.Request, wait.Event, wait.Due is { } due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null, stacks[pending.Call.Id]),
        ];
    }

    /// <summary>
    /// Does something with a connection of its own, which only reads: all as it was at one moment, whatever is committed meanwhile. Where the connection breaks it is done again, for as long as
    /// this process is not taken for dead.
    /// </summary>
    internal async Task<T> ReadAsync<T>(Func<Session, Task<T>> read)
    {
        var end = Environment.TickCount64 + (long)Options.LeaseTime.TotalMilliseconds;
        while (true)
        {
            try
            {
                await using var connection = await Options.Database.OpenAsync().ConfigureAwait(false);
                await using var transaction = await Options.Database.BeginReadAsync(connection).ConfigureAwait(false);
                return await read(new Session(Options.Database, connection, transaction, Now)).ConfigureAwait(false);
            }
            catch (DbException exception) when (exception.IsTransient && !_isDisposed && Environment.TickCount64 < end)
            {
                Durable.Log.DatabaseFailed(Log, Options.Database.Name, exception);
                await Task.Delay(Writer.Pause).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Tells who waits for the end of a call to look.</summary>
    internal void Notify(string key)
    {
        if (_awaited.TryRemove(key, out var ended))
            ended.TrySetResult();
    }

    internal void Remove(RunningStore store) => _running.TryRemove(KeyValuePair.Create(store.Name, store));

    private async Task<IReadOnlyList<DurableCallInfo>> ListAsync(string where, params (string Name, object? Value)[] parameters) => await ReadAsync(session => session.QueryAsync(
        $"""
        SELECT {string.Join(", ", CallRow.Columns.Split(", ").Select(static column => "c." + column))}, s.error, o.id
        FROM fermata_calls c LEFT JOIN fermata_stores s ON s.name = c.store LEFT JOIN fermata_owners o ON o.id = s.owner AND o.until > @now {where}
        """,
        static reader =>
        {
            var row = CallRow.Read(reader);
            return new DurableCallInfo(
                row.Key,
                row.Store,
                row.Export,
                row.Values,
                row.State,
                row.Results is null ? null : ValueData.Decode(row.Results),
                row.Error ?? (row.State == DurableCallState.Running ? reader.TextOrNull(11) : null),
                DateTimeOffset.FromUnixTimeMilliseconds(row.Created),
                DateTimeOffset.FromUnixTimeMilliseconds(row.Changed),
                row.State == DurableCallState.Running && reader.TextOrNull(12) is { } owner ? Leases.ProcessOf(owner) : null);
        },
        [.. parameters, ("now", session.Now)])).ConfigureAwait(false);
}
