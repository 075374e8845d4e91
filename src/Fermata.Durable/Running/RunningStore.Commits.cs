namespace Fermata.Durable;

/// <content>What is committed, and when.</content>
internal sealed partial class RunningStore
{
    /// <summary>A store that one process has makes fewer commits than these bits can count.</summary>
    private const int BitsOfCommit = 32;

    private readonly List<string> _taken = [];
    private readonly List<TaskCompletionSource> _waiters = [];
    private IReadOnlySet<PageName> _pages;
    private Task? _released;
    private long _commits;
    private bool _isCommitting;
    private bool _isWanted;

    /// <summary>Has the store be committed as soon as nothing runs in it.</summary>
    private void RequestCommit()
    {
        lock (_lock)
        {
            _isWanted = true;
            if (_isCommitting || _isDisposed)
                return;
            _isCommitting = true;
        }

        _ = Task.Run(CommitLoopAsync);
    }

    /// <summary>Commits the store as it is now, or a little later.</summary>
    private Task CommitAsync()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            _waiters.Add(waiter);
        RequestCommit();
        return waiter.Task;
    }

    private async Task CommitLoopAsync()
    {
        try
        {
            while (true)
            {
                lock (_lock)
                {
                    if (!_isWanted || _isDisposed)
                    {
                        _isCommitting = false;
                        return;
                    }

                    _isWanted = false;
                }

                await CommitOnceAsync().ConfigureAwait(false);
            }
        }
        catch (Exception) when (_isDisposed)
        {
            // It was told to stop in the middle of it.
        }
        catch (ObjectDisposedException)
        {
            // The host ends.
            Dispose();
        }
        catch (Exception exception)
        {
            await BlockAsync(exception).ConfigureAwait(false);
        }
    }

    private async Task CommitOnceAsync()
    {
        Commit? commit = null;
        List<RunningCall> ended = [];
        List<TaskCompletionSource> waiters = [];
        while (true)
        {
            await _store!.OnTurnAsync(() => commit = Capture(ended, waiters)).ConfigureAwait(false);
            if (commit is not null)
                break;

            // A call is about to be told of its end, or was started this moment; or a program uses files, which no snapshot may have.
            await (Interlocked.Exchange(ref _released, null) ?? Task.Delay(1)).WaitAsync(_end.Token).ConfigureAwait(false);
        }

        var events = await _host.Writer.RunAsync(commit.WriteAsync).ConfigureAwait(false);
        if (events is null)
        {
            Lose();
            return;
        }

        Telemetry.Commits.Add(1);
        commit.WrittenPages.ForEach(written => _host.KnownPages.Note(written.Page, written.Time));
        _pages = commit.Snapshot is null ? _pages : commit.Pages.All;
        foreach (var call in ended)
            Notify(call.Key);
        if (commit.IsReleased)
        {
            Leave();
            _left.TrySetResult(true);
            _host.Wake();
            return;
        }

        lock (_lock)
        {
            _calls.RemoveAll(static call => call.IsRecorded);
            _ended.UnionWith(ended.Select(static call => call.Key));
            foreach (var wait in commit.Begun)
            {
                wait.IsCommitted = true;
                if (events.TryGetValue(wait.Key, out var content))
                    wait.Answer(content, null);
                else
                    Start(wait);
            }
        }

        waiters.ForEach(static waiter => waiter.SetResult());
    }

    /// <summary>What is to be committed, on the store's turn; null if it cannot be told just now.</summary>
    private Commit? Capture(List<RunningCall> ended, List<TaskCompletionSource> waiters)
    {
        lock (_lock)
        {
            // Each call that has not ended must be in the snapshot, or it would be started again.
            var live = _calls.Count(static call => call.IsLive);
            if (_store!.Fibers.Count != live)
                return null;
            var ending = _calls.FindAll(static call => !call.IsLive && !call.IsRecorded);
            var ends = ending.ConvertAll(static call => call.End());
            var begun = _waits.Values.Where(static wait => !wait.IsCommitted).ToList();
            var isReleased = live == 0 || (_waiters.Count == 0 && _waits.Count == live && _waits.Values.All(IsFarAway) && !ends.Exists(static end => end.State == DurableCallState.Failed));

            // After a failure a store of one call is as it was at the last commit, for another try.
            var isFailed = live == 0 && !_row.IsKept && ends.Exists(static end => end.State == DurableCallState.Failed);
            var pages = new PageSet(_pages);
            byte[]? snapshot = null;
            if (!isFailed)
            {
                // The last one is not looked at if the store goes with its calls.
                snapshot = live == 0 && !_row.IsKept ? [] : Write(pages);
                if (snapshot is null)
                    return null;
            }

            var commit = new Commit
            {
                Store = _row,
                Snapshot = snapshot,
                Pages = pages,
                FormerPages = _pages,
                KnownPages = _host.KnownPages,
                Begun = begun,
                Taken = [.. _taken],
                Ended = ends,
                Number = (_row.Epoch << BitsOfCommit) + _commits++,
                Output = _output?.Take() ?? [],
                Live = live,
                IsReleased = isReleased,
                Due = isFailed ? null : Earliest(),
            };
            _taken.Clear();
            ending.ForEach(static call => call.IsRecorded = true);
            ended.AddRange(ending);
            waiters.AddRange(_waiters);
            _waiters.Clear();
            return commit;
        }
    }

    /// <summary>The snapshot; null if it cannot be made until <see cref="_released"/> is over.</summary>
    private byte[]? Write(PageSet pages)
    {
        using var stream = new MemoryStream();
        _released = _store!.TrySnapshot(stream, new SnapshotOptions { Pages = pages, Compression = System.IO.Compression.CompressionLevel.NoCompression });
        return _released is null ? stream.ToArray() : null;
    }

    /// <summary>Whether a wait is for something that happens without this process, and not soon.</summary>
    private bool IsFarAway(Wait wait) => !wait.IsAnswered && wait.IsElsewhere && (wait.Asked.Due is not { } due || due > _host.Now + (long)_host.Options.ShortestAbsence.TotalMilliseconds);

    /// <summary>When the next wait or call ends by itself; null if none does.</summary>
    private long? Earliest() => _waits.Values.Select(static wait => wait.Asked.Due).Concat(_calls.Where(static call => call.IsLive).Select(static call => call.Row.Deadline)).Min();
}
