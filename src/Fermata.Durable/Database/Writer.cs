using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Fermata.Durable;

/// <summary>
/// Does what writes, one after the other, on one connection. What waits meanwhile is committed together, each in a savepoint: so a disk that takes milliseconds for a commit does hundreds of
/// them in that time.
/// </summary>
/// <remarks>
/// A connection may break when a transaction is being committed, so that nobody can tell whether it was. So each has a number, which it writes as the first thing it does; where it is written
/// already when the same is tried again, all was done, and what it has told stands.
/// </remarks>
internal sealed class Writer : IAsyncDisposable
{
    /// <summary>The most that one transaction does.</summary>
    private const int MostTogether = 200;

    /// <summary>How long after a connection broke the next is opened.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly DurableDatabase _database;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Channel<Work> _queue = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _end = new();
    private readonly Task _loop;
    private readonly string _id = Guid.NewGuid().ToString("N");
    private DbConnection? _connection;
    private long _number;

    public Writer(DurableDatabase database, TimeProvider clock, ILogger log)
    {
        (_database, _clock, _log) = (database, clock, log);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Does something in a transaction, which is committed once. Where a connection breaks before that, it is opened anew, and all is done again.</summary>
    /// <exception cref="ObjectDisposedException">The host is disposed.</exception>
    /// <exception cref="DbException">The database refuses it.</exception>
    public async Task<T> RunAsync<T>(Func<Session, Task<T>> work)
    {
        var item = new Work<T>(work);
        ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite(item), typeof(DurableHost));
        return await item.Task.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _end.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        if (_connection is not null)
            await _connection.DisposeAsync().ConfigureAwait(false);
        _end.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<Work>();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (batch.Count < MostTogether && _queue.Reader.TryRead(out var item))
                batch.Add(item);
            await CommitAsync(batch).ConfigureAwait(false);
            batch.Clear();
        }
    }

    /// <summary>Commits all, however often the connection breaks, until the host is disposed.</summary>
    private async Task CommitAsync(List<Work> batch)
    {
        _number++;
        while (true)
        {
            try
            {
                await TryCommitAsync(batch).ConfigureAwait(false);
                batch.ForEach(static item => item.Publish());
                return;
            }
            catch (Exception exception)
            {
                await CloseAsync().ConfigureAwait(false);
                if (_end.IsCancellationRequested)
                {
                    batch.ForEach(static item => item.Fail(new ObjectDisposedException(nameof(DurableHost))));
                    return;
                }

                Log.DatabaseFailed(_log, _database.Name, exception);
                await Task.Delay(Pause, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task TryCommitAsync(List<Work> batch)
    {
        _connection ??= await _database.OpenAsync().ConfigureAwait(false);
        await using var transaction = await _database.BeginAsync(_connection).ConfigureAwait(false);
        var session = new Session(_database, _connection, transaction, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (!await WriteNumberAsync(session).ConfigureAwait(false))
            return;
        foreach (var item in batch)
        {
            await session.ExecuteAsync("SAVEPOINT item").ConfigureAwait(false);
            try
            {
                await item.DoAsync(session).ConfigureAwait(false);
                await session.FlushAsync().ConfigureAwait(false);
            }
            catch (Exception exception) when (_connection.State == System.Data.ConnectionState.Open && exception is not DbException { IsTransient: true })
            {
                await session.ForgetAsync().ConfigureAwait(false);
                await session.ExecuteAsync("ROLLBACK TO SAVEPOINT item").ConfigureAwait(false);
                item.Note(exception);
            }

            await session.QueueAsync("RELEASE SAVEPOINT item").ConfigureAwait(false);
        }

        await session.FlushAsync().ConfigureAwait(false);
        await _database.CommitAsync(transaction).ConfigureAwait(false);
    }

    /// <summary>Writes the number of the transaction. If the same is still being committed, on a connection that broke, its end is waited for.</summary>
    /// <returns>Whether it is new; else all was committed.</returns>
    private async Task<bool> WriteNumberAsync(Session session)
    {
        (string, object?)[] parameters = [("id", _id), ("number", _number), ("now", session.Now)];
        return await session.ExecuteAsync("UPDATE fermata_writers SET number = @number, changed = @now WHERE id = @id AND number < @number", parameters).ConfigureAwait(false) == 1

            // The first one, or the first one after a day.
            || await session.ExecuteAsync("INSERT INTO fermata_writers (id, number, changed) VALUES (@id, @number, @now) ON CONFLICT DO NOTHING", parameters).ConfigureAwait(false) == 1;
    }

    private async Task CloseAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync().ConfigureAwait(false);
        _connection = null;
    }

    /// <summary>Something to do, whose result is told when it is committed.</summary>
    private abstract class Work
    {
        protected Exception? Failure { get; private set; }

        public abstract Task DoAsync(Session session);

        public void Note(Exception failure) => Failure = failure;

        public abstract void Publish();

        public abstract void Fail(Exception failure);

        protected void Forget() => Failure = null;
    }

    private sealed class Work<T>(Func<Session, Task<T>> work) : Work
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Task => _done.Task;

        public override async Task DoAsync(Session session)
        {
            Forget();
            _result = await work(session).ConfigureAwait(false);
        }

        public override void Publish()
        {
            if (Failure is not null)
                _done.SetException(Failure);
            else
                _done.SetResult(_result!);
        }

        public override void Fail(Exception failure) => _done.TrySetException(failure);
    }
}
