using System.IO.Pipelines;

namespace Fermata.Wasi.Tests;

/// <summary>A call that is cancelled ends, whatever a function of WASI does or waits for.</summary>
public sealed class DeadlineTests
{
    private const int Pages = 200;
    private const int Much = 10 << 20;
    private const int Result = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Many_random_numbers()
    {
        using var cancellation = new CancellationTokenSource();
        var pieces = 0;
        var builder = new WasiBuilder().WithRandom(_ =>
        {
            if (++pieces == 3)
                cancellation.Cancel();
        });
        await using var guest = await ForwardingGuest.CreateAsync(builder, pages: Pages);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guest.CallAsync("random_get", [0, Much], cancellation.Token));
        Assert.Equal(3, pieces);
    }

    /// <summary>Nothing cancels these, but the store that the code runs in goes.</summary>
    [Fact]
    public async Task Many_random_numbers_for_a_store_that_is_disposed()
    {
        var (store, dispose, pieces) = ((Store?)null, (Task?)null, 0);
        var builder = new WasiBuilder().WithRandom(_ =>
        {
            pieces++;
            dispose ??= Task.Run(store!.Dispose);
            SpinWait.SpinUntil(() => store!.IsDisposed, Patience);
        });
        await using var guest = await ForwardingGuest.CreateAsync(builder, pages: Pages);
        store = guest.Store;
        await Assert.ThrowsAsync<ObjectDisposedException>(() => guest.CallAsync("random_get", 0, Much));
        Assert.Equal(1, pieces);
        await dispose!;
    }

    [Theory]
    [InlineData("fd_write")]
    [InlineData("fd_pwrite")]
    public async Task Many_bytes_at_the_end_of_a_file(string function)
    {
        var files = new OneFileSystem(() => { });
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder().WithDirectory("/", files), pages: Pages);
        var fd = await guest.OpenAsync("file");
        Assert.Equal(Errno.None, await guest.CallAsync("fd_fdstat_set_flags", fd, (int)FdFlags.Append));
        guest.WriteVector(65536, Much);
        Value[] arguments = function == "fd_pwrite" ? [fd, 0, 1, 0L, Result] : [fd, 0, 1, Result];
        Assert.Equal(Errno.None, await guest.CallAsync(function, arguments));
        Assert.Equal(1 << 20, guest.Memory.Read<int>(Result));
        Assert.Equal(1, files.Moves);
    }

    [Theory]
    [InlineData("fd_read")]
    [InlineData("fd_write")]
    [InlineData("fd_pread")]
    [InlineData("fd_pwrite")]
    public async Task Many_bytes_of_a_file(string function)
    {
        using var cancellation = new CancellationTokenSource();
        var files = new OneFileSystem(cancellation.Cancel);
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder().WithDirectory("/", files), pages: Pages);
        var fd = await guest.OpenAsync("file");
        guest.WriteVector(65536, Much);
        Value[] arguments = function is "fd_pread" or "fd_pwrite" ? [fd, 0, 1, 0L, Result] : [fd, 0, 1, Result];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guest.CallAsync(function, arguments, cancellation.Token));
        Assert.Equal(1, files.Moves);
        Assert.Equal(Errno.None, await guest.CallAsync(function, arguments));
        Assert.Equal(Much, guest.Memory.Read<int>(Result));
        Assert.Equal(11, files.Moves);
    }

    [Fact]
    public async Task Many_bytes_of_output()
    {
        using var cancellation = new CancellationTokenSource();
        var output = new CountingOutput(cancellation.Cancel);
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder().WithOutput(output), pages: Pages);
        guest.WriteVector(65536, Much);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guest.CallAsync("fd_write", [1, 0, 1, Result], cancellation.Token));
        Assert.Equal(1, output.Writes);
        Assert.Equal(Errno.None, await guest.CallAsync("fd_write", 1, 0, 1, Result));
        Assert.Equal(Much, guest.Memory.Read<int>(Result));
        Assert.Equal(11, output.Writes);
    }

    /// <summary>What the system does in one go is done on another thread only where the call can wait for it.</summary>
    [Fact]
    public async Task A_call_that_cannot_be_suspended_waits_for_the_disk()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        var options = new StoreOptions { CallsSuspendingImportsSynchronously = true };
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder().WithDirectory("/", new HostFileSystem(folder.Path)), options: options);
        var fd = await guest.OpenAsync("file", OpenFlags.Creat);
        Assert.Equal(Errno.None, guest.Call("fd_allocate", [fd, 0L, 100L], cancellation.Token));
        Assert.Equal(Errno.None, guest.Call("fd_sync", [fd], cancellation.Token));
        Assert.Equal(Errno.None, guest.Call("fd_datasync", [fd], cancellation.Token));
        Assert.Equal(100, new FileInfo(Path.Combine(folder.Path, "file")).Length);
    }

    [Fact]
    public async Task A_file_that_is_being_opened_is_closed()
    {
        using var cancellation = new CancellationTokenSource();
        var files = new OneFileSystem(() => { }) { AtStatus = cancellation.Cancel };
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder().WithDirectory("/", files));
        guest.Memory.Span[0] = (byte)'a';
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guest.CallAsync("path_open", [3, 0, 0, 1, 0, 0L, 0L, 0, Result], cancellation.Token));
        Assert.Equal(0, files.Opened);
    }

    [Fact]
    public async Task Input_that_does_not_come()
    {
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder().WithInput(new Pipe().Reader));
        guest.WriteVector(1024, 8);
        await EndsWhenCancelledAsync(token => guest.CallAsync("fd_read", [0, 0, 1, Result], token));
    }

    [Fact]
    public async Task Output_that_nobody_takes()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder().WithOutput(pipe.Writer));
        guest.WriteVector(1024, 8);
        await EndsWhenCancelledAsync(token => guest.CallAsync("fd_write", [1, 0, 1, Result], token));
        pipe.Reader.Complete();
    }

    [Fact]
    public async Task A_time_that_does_not_come()
    {
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder().WithInput(new Pipe().Reader));
        guest.Memory.Write(24, long.MaxValue);
        guest.Memory.Write(48 + 8, 1);
        await EndsWhenCancelledAsync(token => guest.CallAsync("poll_oneoff", [0, 4096, 2, 1024], token));
    }

    [Fact]
    public async Task More_waits_than_there_may_be()
    {
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder(), pages: Pages);
        Assert.Equal(Errno.EINVAL, await guest.CallAsync("poll_oneoff", 0, 1 << 20, 10_001, Result));
        Assert.Equal(Errno.EINVAL, await guest.CallAsync("poll_oneoff", 0, 1 << 20, -1, Result));
        Assert.Equal(Errno.EINVAL, await guest.CallAsync("poll_oneoff", 0, 1 << 20, 0, Result));
    }

    [Fact]
    public async Task Many_waits_that_begin()
    {
        using var cancellation = new CancellationTokenSource();
        var input = new CountingInput { AtFirstWait = cancellation.Cancel };
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder().WithInput(input), pages: Pages);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => guest.CallAsync("poll_oneoff", WaitForInput(guest, 10_000), cancellation.Token));
        Assert.InRange(input.Waits, 1, 500);
    }

    /// <summary>Whoever cancels the call does not have to end all of its waits before.</summary>
    [Fact(Skip = Heavy.SkipReason)]
    public async Task Many_waits()
    {
        using var cancellation = new CancellationTokenSource();
        var input = new CountingInput();
        await using var guest = await ForwardingGuest.CreateAsync(new WasiBuilder().WithInput(input), pages: Pages);
        var call = guest.CallAsync("poll_oneoff", WaitForInput(guest, 10_000), cancellation.Token);
        Assert.Equal(10_000, input.Waits);
        input.Canceller = Environment.CurrentManagedThreadId;
        cancellation.Cancel();
        input.Canceller = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
        Assert.True(SpinWait.SpinUntil(() => input.Ended == 10_000, Patience));
        Assert.Equal(0, input.EndedByCanceller);
    }

    private static Value[] WaitForInput(ForwardingGuest guest, int count)
    {
        for (var i = 0; i < count; i++)
            guest.Memory.Write(i * Subscription.Size + 8, (byte)EventType.FdRead);
        return [0, 1 << 20, count, 2 << 20];
    }

    private static async Task EndsWhenCancelledAsync(Func<CancellationToken, Task<Errno>> run)
    {
        using var cancellation = new CancellationTokenSource();
        var call = run(cancellation.Token);
        Assert.False(call.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
    }

    /// <summary>An input at which nothing ever arrives, and which counts who waits for it.</summary>
    private sealed class CountingInput : InputStream
    {
        private int _ended;
        private int _endedByCanceller;

        public Action? AtFirstWait { get; init; }

        public int Waits { get; private set; }

        /// <summary>How many no longer wait.</summary>
        public int Ended => Volatile.Read(ref _ended);

        /// <summary>The thread that cancels; 0 if none does.</summary>
        public int Canceller { get; set; }

        public int EndedByCanceller => Volatile.Read(ref _endedByCanceller);

        public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override async ValueTask<Result<int>> WaitAsync(CancellationToken cancellationToken = default)
        {
            if (Waits++ == 0)
                AtFirstWait?.Invoke();
            var end = new TaskCompletionSource<Result<int>>();
            await using var registration = cancellationToken.Register(() =>
            {
                Interlocked.Increment(ref _ended);
                if (Environment.CurrentManagedThreadId == Canceller)
                    Interlocked.Increment(ref _endedByCanceller);
                end.TrySetCanceled(cancellationToken);
            });
            return await end.Task;
        }
    }

    /// <summary>An output that counts writes.</summary>
    private sealed class CountingOutput(Action atFirstWrite) : OutputStream
    {
        public int Writes { get; private set; }

        public override ValueTask<Errno> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
        {
            if (Writes++ == 0)
                atFirstWrite();
            return new(Errno.None);
        }
    }

    /// <summary>A file system in which each name stands for one file, which has as many bytes as anybody wants.</summary>
    private sealed class OneFileSystem(Action atFirstMove) : FileSystem
    {
        /// <summary>How many reads and writes there were.</summary>
        public int Moves { get; private set; }

        /// <summary>How many files are open.</summary>
        public int Opened { get; private set; }

        /// <summary>Called when somebody asks for the status of the open file.</summary>
        public Action? AtStatus { get; init; }

        public override ValueTask<Result<DirectoryHandle>> OpenRootAsync(CancellationToken cancellationToken = default) => new(new Root(this));

        private int Move(int length)
        {
            if (Moves++ == 0)
                atFirstMove();
            return length;
        }

        private sealed class Root(OneFileSystem files) : DirectoryHandle
        {
            public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default) => new(new FileStatus { Kind = FileKind.Directory });

            public override ValueTask<Result<FileStatus>> GetStatusAsync(string name, CancellationToken cancellationToken = default) => new(new FileStatus { Kind = FileKind.File });

            public override ValueTask<Result<DirectoryHandle>> OpenDirectoryAsync(string name, CancellationToken cancellationToken = default) => new(Errno.ENOTDIR);

            public override ValueTask<Result<FileHandle>> OpenFileAsync(string name, FileOpening opening, UnixFileMode? mode = null, CancellationToken cancellationToken = default)
            {
                files.Opened++;
                return new(new File(files));
            }

            public override ValueTask<Result<DirectoryEntry[]>> ReadEntriesAsync(CancellationToken cancellationToken = default) => new(Array.Empty<DirectoryEntry>());
        }

        private sealed class File(OneFileSystem files) : FileHandle
        {
            public override ValueTask<Result<FileStatus>> GetStatusAsync(CancellationToken cancellationToken = default)
            {
                files.AtStatus?.Invoke();
                cancellationToken.ThrowIfCancellationRequested();
                return new(new FileStatus { Kind = FileKind.File });
            }

            public override ValueTask DisposeAsync()
            {
                files.Opened--;
                return base.DisposeAsync();
            }

            public override ValueTask<Result<int>> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken = default) => new(files.Move(buffer.Length));

            public override ValueTask<Result<int>> WriteAsync(ReadOnlyMemory<byte> buffer, long offset, CancellationToken cancellationToken = default) => new(files.Move(buffer.Length));

            public override ValueTask<Result<int>> AppendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new(files.Move(buffer.Length));
        }
    }
}
