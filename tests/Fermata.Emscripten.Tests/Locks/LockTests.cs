using Fermata.Emscripten.Abi;
using Microsoft.Win32.SafeHandles;
using static Fermata.Emscripten.Tests.Locks.LockingProgram;

namespace Fermata.Emscripten.Tests.Locks;

/// <summary>What programs see of each other's locks.</summary>
public sealed class LockTests : IDisposable
{
    /// <summary>Longer than anything takes that does not hang.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("fermata-locks-").FullName;
    private readonly MemoryFileSystem _files = new();

    public LockTests()
    {
        _files.AddText("/file", "0123456789");
        File.WriteAllText(Path.Combine(_folder, "file"), "0123456789");
    }

    public static TheoryData<bool> Modes => [false, true];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("memory")]
    [InlineData("host")]
    [InlineData("mount")]
    [InlineData("yielding")]
    public async Task ProgramsExcludeEachOther(string kind)
    {
        await using var first = await StartAsync(NewFiles(kind));
        await using var second = await StartAsync(NewFiles(kind));
        var (a, b) = (await first.OpenAsync(), await second.OpenAsync());
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Exclusive, 0, 10));
        Assert.Equal(Errno.EAGAIN, await second.LockAsync(b, Set, Exclusive, 9, 1));
        Assert.Equal(Errno.EAGAIN, await second.LockAsync(b, Set, Shared));
        Assert.Equal(Errno.None, await second.LockAsync(b, Set, Exclusive, 10));
        Assert.Equal(Errno.EAGAIN, await first.LockAsync(a, Set, Shared, long.MaxValue, 1));

        // What it has it may have otherwise.
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Shared, 0, 5));
        Assert.Equal(Errno.None, await second.LockAsync(b, Set, Shared, 0, 5));
        Assert.Equal(Errno.EAGAIN, await first.LockAsync(a, Set, Exclusive, 0, 1));
        Assert.Equal(Errno.None, await second.LockAsync(b, Set, Unlocked));
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Exclusive));
    }

    [Fact]
    public async Task ALockInTheWayIsTold()
    {
        await using var first = await StartAsync(_files);
        await using var second = await StartAsync(_files);
        var (a, b) = (await first.OpenAsync(), await second.OpenAsync());
        Assert.Equal(new FileLock(Unlocked, FromStart, 3, 4, 0), await second.FindAsync(b, Tell, 3, 4));
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Exclusive, 2, 3));
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Shared, 100));
        Assert.Equal(new FileLock(Exclusive, FromStart, 2, 3, 42), await second.FindAsync(b, Tell, 4, 1, Shared));
        Assert.Equal(new FileLock(Shared, FromStart, 100, 0, 42), await second.FindAsync(b, Tell, 5));
        Assert.Equal(Unlocked, (await second.FindAsync(b, Tell, 5, kind: Shared)).Kind);
        Assert.Equal(Unlocked, (await first.FindAsync(a)).Kind);
    }

    [Fact]
    public async Task RangesAreCountedFromThreePlaces()
    {
        await using var first = await StartAsync(_files);
        await using var second = await StartAsync(_files);
        var (a, b) = (await first.OpenAsync(), await second.OpenAsync());
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Exclusive, -2, 2, FromEnd));
        Assert.Equal((8, 2), await FoundAsync());
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Unlocked));
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Exclusive, 5, -2, FromPosition));
        Assert.Equal((3, 2), await FoundAsync());
        Assert.Equal(Errno.EINVAL, await first.LockAsync(a, Set, Exclusive, -1));
        Assert.Equal(Errno.EINVAL, await first.LockAsync(a, Set, Exclusive, 5, -6));
        Assert.Equal(Errno.EINVAL, await first.LockAsync(a, Set, Exclusive, whence: 3));
        Assert.Equal(Errno.EINVAL, await first.LockAsync(a, Set, kind: 3));
        Assert.Equal(Errno.EINVAL, await first.LockAsync(a, Tell, Unlocked));
        Assert.Equal(Errno.EOVERFLOW, await first.LockAsync(a, Set, Exclusive, long.MaxValue, 2));
        Assert.Equal(Errno.EOVERFLOW, await first.LockAsync(a, Set, Exclusive, long.MaxValue, 1, FromEnd));
        Assert.Equal((3, 2), await FoundAsync());

        async Task<(long Start, long Length)> FoundAsync() => await second.FindAsync(b) is var found ? (found.Start, found.Length) : default;
    }

    [Fact]
    public async Task ALockNeedsADescriptorThatCouldDoIt()
    {
        await using var program = await StartAsync(_files);
        var (reading, writing) = (await program.OpenAsync(ReadOnly), await program.OpenAsync(WriteOnly));
        Assert.Equal(Errno.EBADF, await program.LockAsync(reading, Set, Exclusive));
        Assert.Equal(Errno.EBADF, await program.LockAsync(writing, Set, Shared));
        Assert.Equal(Errno.EBADF, await program.LockAsync(99, Set, Shared));
        Assert.Equal(Errno.None, await program.LockAsync(reading, Tell, Exclusive));
        Assert.Equal(Errno.None, await program.LockAsync(0, Set, Shared));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task ACallWaitsWithoutAThread(bool suspendsEverywhere)
    {
        await using var first = await StartAsync(_files, suspendsEverywhere);
        await using var second = await StartAsync(_files, suspendsEverywhere);
        var (a, b) = (await first.OpenAsync(), await second.OpenAsync());
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Exclusive, 0, 10));
        Task<Errno>[] waiting = [second.LockAsync(b, Wait, Exclusive, 0, 1), second.LockAsync(b, Wait, Shared, 5, 1)];
        Assert.Equal(2, second.SuspendedCalls);

        // The program goes on meanwhile.
        Assert.Equal(Errno.None, await second.LockAsync(b, Wait, Exclusive, 10, 1));
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Shared, 3, 7));
        Assert.Equal(Errno.None, await waiting[1].WaitAsync(Patience));
        Assert.False(waiting[0].IsCompleted);
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Unlocked, 0, 3));
        Assert.Equal(Errno.None, await waiting[0].WaitAsync(Patience));
        Assert.Equal(Errno.EAGAIN, await first.LockAsync(a, Set, Shared, 0, 1));
    }

    [Fact]
    public async Task ACallThatIsCancelledWaitsNoMore()
    {
        await using var first = await StartAsync(_files);
        await using var second = await StartAsync(_files);
        var (a, b) = (await first.OpenAsync(), await second.OpenAsync());
        using var cancellation = new CancellationTokenSource();
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Exclusive));
        var waiting = second.LockAsync(b, Wait, Exclusive, cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Unlocked));
        Assert.Equal(Unlocked, (await first.FindAsync(a)).Kind);
    }

    [Fact]
    public async Task ProgramsDoNotWaitForEachOther()
    {
        await using var first = await StartAsync(_files);
        await using var second = await StartAsync(_files);
        await using var third = await StartAsync(_files);
        var (a, b, c) = (await first.OpenAsync(), await second.OpenAsync(), await third.OpenAsync());
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Exclusive, 0, 1));
        Assert.Equal(Errno.None, await second.LockAsync(b, Set, Exclusive, 1, 1));
        Assert.Equal(Errno.None, await third.LockAsync(c, Set, Exclusive, 2, 1));
        var ofFirst = first.LockAsync(a, Wait, Exclusive, 1, 1);
        var ofSecond = second.LockAsync(b, Wait, Shared, 2, 1);
        Assert.Equal(Errno.EDEADLK, await third.LockAsync(c, Wait, Exclusive, 0, 1).WaitAsync(Patience));
        await third.CloseAsync(c);
        Assert.Equal(Errno.None, await ofSecond.WaitAsync(Patience));
        await second.CloseAsync(b);
        Assert.Equal(Errno.None, await ofFirst.WaitAsync(Patience));
    }

    [Theory]
    [InlineData("host")]
    [InlineData("yielding")]
    public async Task LocksGoWithAnyDescriptorOfTheFile(string kind)
    {
        await using var first = await StartAsync(NewFiles(kind));
        await using var second = await StartAsync(NewFiles(kind));
        var (a, other, b) = (await first.OpenAsync(), await first.OpenAsync(ReadOnly), await second.OpenAsync());
        await LockAndSeeAsync(() => first.CloseAsync(other));
        var duplicate = await first.CallAsync("__syscall_dup", a);
        await LockAndSeeAsync(() => first.CloseAsync(duplicate));
        other = await first.OpenAsync(ReadOnly);
        await LockAndSeeAsync(async () => Assert.Equal(other, await first.CallAsync("__syscall_dup3", 0, other, 0)));
        await LockAndSeeAsync(async () => await first.DisposeAsync());

        async Task LockAndSeeAsync(Func<Task> close)
        {
            Assert.Equal(Errno.None, await first.LockAsync(a, Set, Exclusive));
            Assert.Equal(Errno.EAGAIN, await second.LockAsync(b, Set, Shared));
            var waiting = second.LockAsync(b, Wait, Shared);
            await close();
            Assert.Equal(Errno.None, await waiting.WaitAsync(Patience));
            Assert.Equal(Errno.None, await second.LockAsync(b, Set, Unlocked));
        }
    }

    /// <summary>What is opened once more has locks as another process would have them.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task OtherProcessesAreExcluded(bool isReadOnly, bool isWrapped)
    {
        using var handle = OpenHandle();
        using var other = HostLocks.Open(handle, FileOpening.Read | FileOpening.Write)!;
        await using var first = await StartAsync(NewFolder());
        await using var second = await StartAsync(NewFolder());
        var (kind, flags) = isReadOnly ? (Shared, ReadOnly) : (Exclusive, ReadWrite);
        var (a, b) = (await first.OpenAsync(flags), await second.OpenAsync(flags));
        Assert.Equal(Errno.None, other.TrySet(LockKind.Exclusive, new LockRange(5, 9)));
        Assert.Equal(Errno.EAGAIN, await first.LockAsync(a, Set, kind, 9, 1));
        Assert.Equal(new FileLock(Exclusive, FromStart, 5, 5, 42), await first.FindAsync(a));
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, kind, 0, 5));
        Assert.Equal(Errno.None, await second.LockAsync(b, Set, Shared, 10, 1));
        Assert.Equal(Errno.EAGAIN, other.TrySet(LockKind.Exclusive, new LockRange(4, 4)));
        Assert.Equal(Errno.EAGAIN, other.TrySet(LockKind.Exclusive, new LockRange(10, 10)));

        // The call waits without a thread, and neither of the programs takes away what the other has.
        var waiting = first.LockAsync(a, Wait, Shared, 4, 7);
        Assert.Equal(1, first.SuspendedCalls);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(Errno.None, other.TrySet(LockKind.None, new LockRange(5, 9)));
        Assert.Equal(Errno.None, await waiting.WaitAsync(Patience));
        await first.CloseAsync(a);
        Assert.Equal(Errno.None, other.TrySet(LockKind.Exclusive, new LockRange(0, 9)));
        Assert.Equal(Errno.EAGAIN, other.TrySet(LockKind.Exclusive, new LockRange(10, 10)));
        await second.DisposeAsync();
        Assert.Equal(Errno.None, other.TrySet(LockKind.Exclusive, new LockRange(10, 10)));

        FileSystem NewFolder() => isWrapped ? new YieldingFileSystem(new HostFileSystem(_folder, isReadOnly)) : new HostFileSystem(_folder, isReadOnly);
    }

    [Fact]
    public async Task ProcessesWaitForEachOtherAndOneThatIsKilledHoldsNothing()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var child = new LockingChild(_folder);
        await using var program = await StartAsync(new HostFileSystem(_folder));
        var fd = await program.OpenAsync();
        Assert.Equal(Errno.None, await child.LockAsync(Set, Exclusive, 0, 5).WaitAsync(Patience));
        Assert.Equal(Errno.EAGAIN, await program.LockAsync(fd, Set, Exclusive, 4, 1));
        Assert.Equal(Errno.EAGAIN, await program.LockAsync(fd, Set, Shared));
        Assert.Equal(new FileLock(Exclusive, FromStart, 0, 5, 42), await program.FindAsync(fd));

        // One waits, and the other, and has what it waits for when the first gives it up.
        var waiting = program.LockAsync(fd, Wait, Exclusive, 0, 1);
        Assert.Equal(1, program.SuspendedCalls);
        Assert.Equal(Errno.None, await program.LockAsync(fd, Set, Exclusive, 5, 5));
        Assert.Equal(Errno.EAGAIN, await child.LockAsync(Set, Shared, 9, 1).WaitAsync(Patience));
        Assert.False(waiting.IsCompleted);
        Assert.Equal(Errno.None, await child.LockAsync(Set, Unlocked, 0, 1).WaitAsync(Patience));
        Assert.Equal(Errno.None, await waiting.WaitAsync(Patience));
        var ofChild = child.LockAsync(Wait, Exclusive, 9, 1);
        await Task.Delay(50);
        Assert.False(ofChild.IsCompleted);
        Assert.Equal(Errno.None, await program.LockAsync(fd, Set, Unlocked, 5, 5));
        Assert.Equal(Errno.None, await ofChild.WaitAsync(Patience));

        waiting = program.LockAsync(fd, Wait, Exclusive);
        Assert.Equal(1, program.SuspendedCalls);
        await child.KillAsync();
        Assert.Equal(Errno.None, await waiting.WaitAsync(Patience));
    }

    [Fact]
    public async Task ACallThatWaitsForAnotherProcessIsCancelled()
    {
        using var handle = OpenHandle();
        using var other = HostLocks.Open(handle, FileOpening.Read | FileOpening.Write)!;
        await using var program = await StartAsync(new HostFileSystem(_folder));
        var file = await program.OpenAsync();
        Assert.Equal(Errno.None, other.TrySet(LockKind.Exclusive, new LockRange(0, 0)));
        using var cancellation = new CancellationTokenSource();
        var waiting = program.LockAsync(file, Wait, Exclusive, cancellationToken: cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
        Assert.Equal(Errno.None, other.TrySet(LockKind.Exclusive, new LockRange(0, long.MaxValue)));
    }

    [Fact]
    public async Task AProgramThatEndsWaitsNoMore()
    {
        await using var first = await StartAsync(_files);
        var a = await first.OpenAsync();
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Exclusive));
        Task<Errno> waiting;
        await using (var second = await StartAsync(_files))
            waiting = second.LockAsync(await second.OpenAsync(), Wait, Exclusive);
        await Assert.ThrowsAnyAsync<Exception>(() => waiting.WaitAsync(Patience));
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Unlocked));
        Assert.Equal(Unlocked, (await first.FindAsync(a)).Kind);
    }

    [Fact]
    public async Task LocksMayBelongToWhatWasOpened()
    {
        await using var program = await StartAsync(_files);
        var (a, b) = (await program.OpenAsync(), await program.OpenAsync());
        var duplicate = await program.CallAsync("__syscall_dup", a);
        Assert.Equal(Errno.EINVAL, await program.LockAsync(a, SetOfOpened, Exclusive, process: 42));
        Assert.Equal(Errno.None, await program.LockAsync(a, SetOfOpened, Exclusive, 0, 5));
        Assert.Equal(Errno.None, await program.LockAsync(duplicate, SetOfOpened, Exclusive, 5, 5));
        Assert.Equal(Errno.EAGAIN, await program.LockAsync(b, SetOfOpened, Shared));
        Assert.Equal(Errno.EAGAIN, await program.LockAsync(a, Set, Shared));
        Assert.Equal(new FileLock(Exclusive, FromStart, 0, 10, -1), await program.FindAsync(b, TellOfOpened));
        await program.CloseAsync(a);
        Assert.Equal(Errno.EAGAIN, await program.LockAsync(b, SetOfOpened, Shared));
        await program.CloseAsync(duplicate);
        Assert.Equal(Errno.None, await program.LockAsync(b, SetOfOpened, Exclusive));
    }

    [Fact]
    public async Task AProgramHasSoManyLocks()
    {
        await using var first = await StartAsync(_files);
        await using var second = await StartAsync(_files);
        var (a, b) = (await first.OpenAsync(), await second.OpenAsync());
        for (var number = 0; number < 1000; number++)
            Assert.Equal(Errno.None, await first.LockAsync(a, Set, Exclusive, 10 * number, 5));
        Assert.Equal(Errno.ENOLCK, await first.LockAsync(a, Set, Exclusive, 20_000, 1));
        Assert.Equal(Errno.ENOLCK, await first.LockAsync(a, Set, Unlocked, 12, 1));
        Assert.Equal(Errno.None, await second.LockAsync(b, Set, Exclusive, 20_000, 1));
        Assert.Equal(Errno.EAGAIN, await second.LockAsync(b, Set, Exclusive, 12, 1));
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Unlocked, 10, 5));
        Assert.Equal(Errno.None, await first.LockAsync(a, Set, Exclusive, 30_000, 1));
    }

    private static Task<LockingProgram> StartAsync(FileSystem files, bool suspendsEverywhere = false) => LockingProgram.StartAsync(files, suspendsEverywhere);

    private SafeFileHandle OpenHandle() =>
        File.OpenHandle(Path.Combine(_folder, "file"), System.IO.FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>A file system of a kind; another object each time but for that in memory.</summary>
    private FileSystem NewFiles(string kind) => kind switch
    {
        "memory" => _files,
        "host" => new HostFileSystem(_folder),
        "mount" => new MountFileSystem(_files),
        _ => new YieldingFileSystem(new HostFileSystem(_folder)),
    };
}
