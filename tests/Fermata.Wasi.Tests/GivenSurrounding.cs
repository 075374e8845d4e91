using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fermata.Platform.Network;

namespace Fermata.Wasi.Tests;

/// <summary>Makes surroundings, and drops what they are made of when the program has ended.</summary>
internal sealed class GivenSurrounding : IDisposable
{
    private readonly Stack<IDisposable> _owned = [];

    /// <summary>Gives a program its surrounding.</summary>
    public async Task GiveAsync(Surrounding surrounding, WasiBuilder builder)
    {
        switch (surrounding)
        {
            case Surrounding.Memory:
                builder.WithDirectory("/", new MemoryFileSystem());
                break;
            case Surrounding.Host:
                builder.WithDirectory("/", new HostFileSystem(NewFolder()));
                break;
            case Surrounding.ReadOnlyMemory:
                builder.WithDirectory("/", new ReadOnlyFileSystem(Example()));
                break;
            case Surrounding.ReadOnlyHost:
                builder.WithDirectory("/", new HostFileSystem(ExampleFolder(), isReadOnly: true));
                break;
            case Surrounding.Zip:
                builder.WithDirectory("/", Own(new ZipFileSystem(ExampleZip())));
                break;
            case Surrounding.Tar:
                builder.WithDirectory("/", Own(new TarFileSystem(ExampleTar())));
                break;
            case Surrounding.LargeArchive:
                builder.WithDirectory("/", Own(new ZipFileSystem(ExampleZip(), new ArchiveOptions { MaxBytes = 3 })));
                break;
            case Surrounding.Full:
                builder.WithDirectory("/", new MemoryFileSystem(new MemoryFileSystemOptions { MaxBytes = 4096, MaxEntries = 3 }));
                break;
            case Surrounding.TwoMemories:
                builder.WithDirectory("/", new MemoryFileSystem()).WithDirectory("/other", new MemoryFileSystem());
                break;
            case Surrounding.MemoryAndHost:
                builder.WithDirectory("/", new MemoryFileSystem()).WithDirectory("/other", new HostFileSystem(NewFolder()));
                break;
            case Surrounding.HostAndMemory:
                builder.WithDirectory("/", new HostFileSystem(NewFolder())).WithDirectory("/other", new MemoryFileSystem());
                break;
            case Surrounding.Overlay:
                builder.WithDirectory("/", new OverlayFileSystem(Example(), new MemoryFileSystem()));
                break;
            case Surrounding.SpecialFiles:
                builder.WithDirectory("/", new HostFileSystem(SpecialFolder())).WithDirectory("/dev", new HostFileSystem("/dev"));
                break;
            case Surrounding.IdleStreams:
                var unread = new Pipe();
                await unread.Reader.CompleteAsync();
                builder.WithInput(new Pipe().Reader).WithOutput(unread.Writer);
                break;
            case Surrounding.Faults:
                builder.WithDirectory("/", new FaultyFileSystem()).WithInput(new FaultyInput()).WithOutput(new FaultyOutput());
                break;
            case Surrounding.Sockets:
                await GiveSocketsAsync(builder);
                break;
            case Surrounding.Network:
                builder.WithDirectory("/", new MemoryFileSystem()).WithNetwork(
                    new NetworkPolicy().AllowConnect("127.0.0.1").AllowListen("127.0.0.1").AllowListen("192.0.2.1").WithDialer(DialAsync));
                break;
            default:
                throw new UnreachableException($"{surrounding}");
        }
    }

    public void Dispose()
    {
        while (_owned.TryPop(out var owned))
            owned.Dispose();
    }

    private static MemoryFileSystem Example()
    {
        var files = new MemoryFileSystem();
        files.AddText("file", "text");
        files.AddText("d/file", "text");
        files.AddSymbolicLink("link", "file");
        return files;
    }

    private static MemoryStream ExampleZip()
    {
        const int symbolicLink = 0xa000 << 16;
        var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content, attributes) in new[] { ("file", "text", 0), ("d/file", "text", 0), ("link", "file", symbolicLink) })
            {
                var entry = archive.CreateEntry(name);
                entry.ExternalAttributes = attributes;
                using var stream = entry.Open();
                stream.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return bytes;
    }

    private static MemoryStream ExampleTar()
    {
        var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, leaveOpen: true))
        {
            foreach (var name in new[] { "file", "d/file" })
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("text"u8.ToArray()) });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = "file" });
        }

        bytes.Position = 0;
        return bytes;
    }

    /// <summary>Connections to the first ports are never made, or fail.</summary>
    private static async ValueTask<Socket> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        switch (address.Port)
        {
            case 1:
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
            case 2:
                throw new SocketException((int)SocketError.HostUnreachable);
            case 3:
                throw new SocketException((int)SocketError.TimedOut);
            case 4:
                throw new FaultException();
            case 5:
                throw new OperationCanceledException();
            case 6:
                throw new SocketException((int)SocketError.AccessDenied);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address, cancellationToken);
        return socket;
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Push(owned);
        return owned;
    }

    private string NewFolder() => Own(new TemporaryFolder()).Path;

    private string ExampleFolder()
    {
        var folder = NewFolder();
        File.WriteAllText(Path.Combine(folder, "file"), "text");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "d")).FullName, "file"), "text");
        File.CreateSymbolicLink(Path.Combine(folder, "link"), "file");
        return folder;
    }

    private string SpecialFolder()
    {
        var folder = Own(new TemporaryFolder());
        folder.AddPipe("pipe");
        Own(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)).Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.Path, "socket")));
        return folder.Path;
    }

    /// <summary>The sockets of <c>sockets.c</c>, in their order.</summary>
    private async Task GiveSocketsAsync(WasiBuilder builder)
    {
        var connection = Own(await SocketPair.ConnectAsync());
        var reset = Own(await SocketPair.ConnectAsync());
        reset.Peer.LingerState = new LingerOption(true, 0);
        reset.Peer.Close();
        var called = Own(SocketPair.Listen());
        Own(await SocketPair.ConnectToAsync(called));

        // Datagrams reach only a socket that is not connected elsewhere.
        var deaf = Own(NewDatagramSocket());
        await deaf.ConnectAsync(deaf.LocalEndPoint!);
        var refused = Own(NewDatagramSocket());
        await refused.ConnectAsync(deaf.LocalEndPoint!);
        builder
            .WithDirectory("/", new MemoryFileSystem())
            .WithSocket(connection.Guest)
            .WithSocket(reset.Guest)
            .WithSocket(Own(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)))
            .WithListener(Own(SocketPair.Listen()))
            .WithListener(called)
            .WithSocket(Own(NewDatagramSocket()))
            .WithSocket(refused);
    }

    private static Socket NewDatagramSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
