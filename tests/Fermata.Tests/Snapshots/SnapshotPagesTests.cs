namespace Fermata.Tests.Snapshots;

/// <summary>Snapshots whose pages are kept apart.</summary>
public sealed class SnapshotPagesTests : IDisposable
{
    private const string Program =
        """
        (import "env" "wait" (func $wait (param i32) (result i32)))
        (memory (export "memory") 4)
        (func (export "run") (param i32) (result i32)
          (i32.store (i32.const 200000) (local.get 0))
          (i32.store (i32.const 100000) (call $wait (local.get 0)))
          (i32.add (i32.load (i32.const 100000)) (i32.load (i32.const 200000))))
        """;

    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public void Dispose() => File.Delete(_path);

    /// <summary>A second snapshot adds the page that has changed, whoever has the file open by then.</summary>
    [Fact]
    public async Task ASecondSnapshotAddsWhatHasChanged()
    {
        using var guest = new SnapshotGuest(Program);
        guest.Instance.GetMemory("memory").GetSpan(0, 50_000).Fill(7);
        var call = guest.Call("run", 5);
        await guest.NextWaitAsync();
        byte[] first, second;
        using (var pages = new SnapshotPageFile(_path))
        {
            first = Save(guest, pages);
            Assert.Equal(3, pages.Count); // One page of sevens, its last one, and that of the call.
            guest.Instance.GetMemory("memory").Write(10_000, 1);
        }

        using (var pages = new SnapshotPageFile(_path))
        {
            second = Save(guest, pages);
            Assert.Equal(4, pages.Count);
        }

        // What a process has left that ended while it wrote.
        using (var file = File.OpenWrite(_path))
        {
            file.Position = file.Length;
            file.Write(new byte[1000]);
        }

        using (var pages = new SnapshotPageFile(_path))
        {
            Assert.Equal(4, pages.Count);
            foreach (var (snapshot, expected) in new[] { (first, 0x07070707), (second, 1) })
            {
                var restored = Restore(guest, snapshot, pages);
                var memory = restored.Instances[0].GetMemory("memory");
                Assert.Equal(expected, memory.Read<int>(10_000));
                Assert.Equal(7, memory.Read<byte>(49_999));
                Assert.Equal(0, memory.Read<byte>(50_000));
                restored.Pending[0].Complete(37);
                restored.Resume();
                Assert.Equal(42, (await restored.Call("run").Task.WaitAsync(TimeSpan.FromMinutes(5)))[0]);
                restored.Store.Dispose();
            }
        }

        Assert.False(call.IsCompleted);
    }

    [Fact]
    public async Task APageThatIsMissingOrDamagedRefusesTheSnapshot()
    {
        using var guest = new SnapshotGuest(Program);
        _ = guest.Call("run", 5);
        await guest.NextWaitAsync();
        byte[] snapshot;
        using (var pages = new SnapshotPageFile(_path))
            snapshot = Save(guest, pages);

        Assert.Contains("only names the pages", Assert.Throws<SnapshotException>(() => Restore(guest, snapshot, null)).Message);

        using (var file = File.OpenWrite(_path))
        {
            file.Position = 100;
            file.WriteByte(1);
        }

        using (var pages = new SnapshotPageFile(_path))
            Assert.EndsWith("of the snapshot is damaged.", Assert.Throws<SnapshotException>(() => Restore(guest, snapshot, pages)).Message);
        File.Delete(_path);
        using (var pages = new SnapshotPageFile(_path))
            Assert.EndsWith("is not among RestoreOptions.Pages.", Assert.Throws<SnapshotException>(() => Restore(guest, snapshot, pages)).Message);
    }

    [Fact]
    public void NamesAndPagesHaveTheirLengths()
    {
        using var pages = new SnapshotPageFile(_path);
        Assert.Throws<ArgumentOutOfRangeException>(() => pages.Add(new byte[31], new byte[SnapshotPages.PageBytes]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pages.Add(new byte[32], new byte[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => pages.TryRead(new byte[32], new byte[1]));
        Assert.False(pages.TryRead(new byte[32], new byte[SnapshotPages.PageBytes]));
    }

    private static byte[] Save(SnapshotGuest guest, SnapshotPages pages)
    {
        using var stream = new MemoryStream();
        guest.Store.Snapshot(stream, new SnapshotOptions { Pages = pages });
        return stream.ToArray();
    }

    private static RestoredStore Restore(SnapshotGuest guest, byte[] snapshot, SnapshotPages? pages) => Store.Restore(
        guest.Engine,
        new MemoryStream(snapshot),
        new Linker(guest.Engine).Define("env", "wait", (int _) => Task.FromResult(0)),
        new RestoreOptions { Modules = [guest.Module], Pages = pages });
}
