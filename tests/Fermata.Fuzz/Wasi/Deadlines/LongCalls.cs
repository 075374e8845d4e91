using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using Fermata.Platform.FileSystems;
using Fermata.Wasi;

namespace Fermata.Fuzz.Wasi.Deadlines;

/// <summary>The calls that can take long, as far as a program decides how long, or what it is given.</summary>
internal static class LongCalls
{
    private const int Entries = 100_000;
    private const int Strings = 500_000;
    private const int Subscriptions = 10_000;
    private const long FileBytes = 512L << 20;

    public static IEnumerable<LongCall> All()
    {
        foreach (var (kind, files) in new (string, Func<WasiBuilder, IDisposable?>)[] { ("memory", Memory), ("host", Host), ("overlay", Overlay) })
        {
            yield return new($"16 MiB to a file, {kind}", "fd_write", files, async guest => [await guest.OpenAsync("f", OpenFlags.Creat), .. guest.Vectors(), DeadlineGuest.Result]);
            yield return new($"16 MiB to a file at 1 GiB, {kind}", "fd_pwrite", files, async guest => [await guest.OpenAsync("f", OpenFlags.Creat), .. guest.Vectors(), 1L << 30, DeadlineGuest.Result]);
            yield return new($"16 MiB to the end of a file, {kind}", "fd_write", files, async guest => [await guest.OpenAsync("f", OpenFlags.Creat, FdFlags.Append), .. guest.Vectors(), DeadlineGuest.Result]);
            yield return new($"16 MiB of a file, {kind}", "fd_pread", files, async guest => [await guest.FillAsync("f", 16 << 20), .. guest.Vectors(), 0L, DeadlineGuest.Result]);
            yield return new($"{Entries:N0} entries, {kind}", "fd_readdir", files, async guest =>
            {
                var directory = await guest.OpenAsync("d", OpenFlags.Directory);
                for (var i = 0; i < Entries / (kind == "memory" ? 1 : 10); i++)
                    await guest.RequireAsync("path_create_directory", [directory, .. guest.PathAt($"entry {i}")]);
                return [directory, DeadlineGuest.Room, 1 << 28, 0L, DeadlineGuest.Result];
            });
            yield return new($"a path of 40 links, {kind}", "path_open", files, async guest =>
            {
                var steps = string.Concat(Enumerable.Repeat("d/../", 800));
                for (var i = 0; i < 40; i++)
                    await guest.RequireAsync("path_symlink", [.. guest.PathAt($"{steps}{(i == 0 ? "d" : $"link{i - 1}")}"), 3, .. guest.PathAt($"link{i}", 32768)]);
                return [3, (int)LookupFlags.SymlinkFollow, .. guest.PathAt("link39"), 0, 0L, 0L, 0, DeadlineGuest.Result];
            });
            yield return new($"512 MiB of room, {kind}", "fd_allocate", files, async guest => [await guest.OpenAsync("f", OpenFlags.Creat), 0L, FileBytes]);
            yield return new($"512 MiB less, {kind}", "fd_filestat_set_size", files, async guest => [await guest.FillAsync("f", FileBytes), 1L]);
            yield return new($"a file of 512 MiB removed, {kind}", "path_unlink_file", files, async guest =>
            {
                await guest.RequireAsync("fd_close", await guest.FillAsync("f", FileBytes));
                return [3, .. guest.PathAt("f")];
            });
            yield return new($"a file of 512 MiB truncated, {kind}", "path_open", files, async guest =>
            {
                await guest.RequireAsync("fd_close", await guest.FillAsync("f", FileBytes));
                return [3, 0, .. guest.PathAt("f"), (int)OpenFlags.Trunc, (long)Rights.OfFile, 0L, 0, DeadlineGuest.Result];
            });
        }

        yield return new("64 MiB to the disk", "fd_sync", Host, async guest => [await guest.FillAsync("f", 64 << 20)]);
        yield return new("the first of 256 MiB that are compressed", "fd_read", Zip, async guest => [await guest.OpenAsync("big", rights: Rights.FdRead), .. guest.Vectors(), DeadlineGuest.Result]);
        yield return new("a lower file of 256 MiB copied", "path_open", OverlayOfLarge, guest => Task.FromResult<Value[]>(
            [3, 0, .. guest.PathAt("big"), 0, (long)Rights.OfFile, 0L, 0, DeadlineGuest.Result]));
        yield return new("1 GiB of random numbers", "random_get", Nothing, guest => Task.FromResult<Value[]>([DeadlineGuest.Room, 1 << 30]));
        yield return new($"{Strings:N0} arguments", "args_get", builder => builder.WithArguments(Enumerable.Repeat("argument", Strings)).Nothing(), guest =>
            Task.FromResult<Value[]>([DeadlineGuest.Room, 1 << 28]));
        yield return new("16 MiB of text to the output", "fd_write", builder => builder.WithOutput(TextWriter.Null).Nothing(), guest =>
            Task.FromResult<Value[]>([1, .. guest.Vectors(), DeadlineGuest.Result]));
        yield return new($"{Subscriptions:N0} waits for input", "poll_oneoff", builder => builder.WithInput(new System.IO.Pipelines.Pipe().Reader).Nothing(), guest =>
            Task.FromResult(Subscribe(guest, EventType.FdRead, 0)));
        yield return new($"{Subscriptions:N0} waits for a socket", "poll_oneoff", Connection, guest => Task.FromResult(Subscribe(guest, EventType.FdRead, 3)));
        yield return new($"{Subscriptions:N0} waits for a clock", "poll_oneoff", Nothing, guest => Task.FromResult(Subscribe(guest, EventType.Clock, 1)));
        yield return new("16 MiB to a socket", "sock_send", Connection, guest => Task.FromResult<Value[]>([3, .. guest.Vectors(), 0, DeadlineGuest.Result]));
    }

    private static Value[] Subscribe(DeadlineGuest guest, EventType type, int number)
    {
        for (var i = 0; i < Subscriptions; i++)
        {
            var at = DeadlineGuest.Room + i * Subscription.Size;
            guest.Memory.Write(at + 8, (long)type);
            guest.Memory.Write(at + 16, number);
            guest.Memory.Write(at + 24, long.MaxValue);
        }

        return [DeadlineGuest.Room, 1 << 24, Subscriptions, DeadlineGuest.Result];
    }

    private static IDisposable? Nothing(this WasiBuilder builder) => null;

    private static IDisposable? Memory(WasiBuilder builder)
    {
        var files = new MemoryFileSystem(new MemoryFileSystemOptions { MaxBytes = 2L << 30 });
        files.AddDirectory("d");
        return builder.WithDirectory("/", files).Nothing();
    }

    private static TemporaryFolder Host(WasiBuilder builder)
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "d"));
        builder.WithDirectory("/", new HostFileSystem(folder.Path));
        return folder;
    }

    private static TemporaryFolder Overlay(WasiBuilder builder)
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "d"));
        builder.WithDirectory("/", new OverlayFileSystem(new HostFileSystem(folder.Path), new MemoryFileSystem(new MemoryFileSystemOptions { MaxBytes = 2L << 30 })));
        return folder;
    }

    private static TemporaryFolder OverlayOfLarge(WasiBuilder builder)
    {
        var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, "big"), RandomBytes());
        builder.WithDirectory("/", new OverlayFileSystem(new HostFileSystem(folder.Path, isReadOnly: true), new MemoryFileSystem()));
        return folder;
    }

    private static ZipFileSystem Zip(WasiBuilder builder)
    {
        var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        using (var stream = archive.CreateEntry("big", CompressionLevel.Fastest).Open())
            stream.Write(RandomBytes());
        var files = new ZipFileSystem(bytes);
        builder.WithDirectory("/", files);
        return files;
    }

    private static byte[] RandomBytes()
    {
        var bytes = new byte[256 << 20];
        new Random(1).NextBytes(bytes.AsSpan(0, bytes.Length / 2));
        return bytes;
    }

    /// <summary>A connection of which nobody reads the other end.</summary>
    private static Socket Connection(WasiBuilder builder)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        peer.Connect(listener.LocalEndPoint!);
        builder.WithSocket(listener.Accept());
        return peer;
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("fermata-deadlines").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
