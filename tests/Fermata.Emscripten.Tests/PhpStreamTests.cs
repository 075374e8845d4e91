using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fermata.Platform.Network;

namespace Fermata.Emscripten.Tests;

/// <summary>Streams of PHP over sockets, which wait without holding a thread.</summary>
public sealed class PhpStreamTests
{
    private static readonly NetworkPolicy Loopback = new NetworkPolicy().AllowConnect("127.0.0.1").AllowConnect("localhost").AllowListen("127.0.0.1");

    [NpmTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RequestsOfHttpWait(bool suspendsEverywhere)
    {
        using var server = new HttpServer(async request =>
        {
            await Task.Delay(50);
            return request.Split('\n')[0] + (request.Contains("X-Test: yes", StringComparison.Ordinal) ? " with a header" : "") + request[request.IndexOf("\n\n", StringComparison.Ordinal)..];
        });
        await using var php = await Php.StartAsync(suspendsEverywhere, network: Loopback);
        var result = await php.RunAsync(
            $$"""
            echo file_get_contents('http://127.0.0.1:{{server.Port}}/get?x=1'), '|', $http_response_header[0], '|';
            $context = stream_context_create(['http' => ['method' => 'POST', 'header' => ['X-Test: yes', 'Content-Type: text/plain'], 'content' => 'the body']]);
            echo file_get_contents('http://localhost:{{server.Port}}/post', false, $context), '|';
            foreach (['fsockopen' => fsockopen('127.0.0.1', {{server.Port}}), 'stream' => stream_socket_client('tcp://localhost:{{server.Port}}', $code, $message, 300)] as $name => $stream) {
                fwrite($stream, "GET /$name HTTP/1.0\r\n\r\n");
                echo explode("\r\n\r\n", stream_get_contents($stream))[1], '|', feof($stream) ? 'end' : 'more', '|';
                fclose($stream);
            }
            """);
        Assert.Equal(
            (0, "GET /get?x=1 HTTP/1.1\n\n|HTTP/1.1 200 OK|POST /post HTTP/1.1 with a header\n\nthe body|GET /fsockopen HTTP/1.0\n\n|end|GET /stream HTTP/1.0\n\n|end|"), result);
    }

    [NpmFact]
    public async Task WhatThePolicyDeniesIsAWarning()
    {
        using var server = new HttpServer(_ => Task.FromResult("reached"));
        foreach (var network in new[] { null, new NetworkPolicy().AllowConnect("127.0.0.1", port: 1) })
        {
            await using var php = await Php.StartAsync(suspendsEverywhere: false, network: network);
            var result = await php.RunAsync(
                $"var_dump(file_get_contents('http://127.0.0.1:{server.Port}/'), fsockopen('localhost', {server.Port}), stream_socket_server('tcp://127.0.0.1:0'));");
            Assert.Equal((0, 3), (result.ExitCode, result.Output.Split("bool(false)").Length - 1));
            Assert.Contains("Warning: file_get_contents(", result.Output, StringComparison.Ordinal);
            Assert.Contains("Warning: fsockopen(): Unable to connect", result.Output, StringComparison.Ordinal);
            Assert.Contains("Warning: stream_socket_server(): Unable to connect", result.Output, StringComparison.Ordinal);
        }
    }

    [NpmFact]
    public async Task StreamsTimeOutAndNeedNotWait()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        await using var php = await Php.StartAsync(suspendsEverywhere: false, network: Loopback);
        var running = php.RunAsync(
            $$"""
            $stream = stream_socket_client('tcp://127.0.0.1:{{((IPEndPoint)listener.LocalEndpoint).Port}}');
            stream_set_timeout($stream, 0, 200000);
            echo json_encode([fread($stream, 10), stream_get_meta_data($stream)['timed_out']]);
            stream_set_blocking($stream, false);
            $select = function ($name, ...$time) use ($stream) {
                [$read, $write, $except] = [$name == 'read' ? [$stream] : null, $name == 'write' ? [$stream] : null, null];
                return stream_select($read, $write, $except, ...$time);
            };
            echo json_encode([fread($stream, 10), $select('read', 0, 100000), $select('write', 60)]);
            fwrite($stream, 'ready');
            echo json_encode([$select('read', 60), fread($stream, 10)]);
            stream_set_blocking($stream, true);
            stream_set_timeout($stream, 60);
            fwrite($stream, 'again');
            echo json_encode([fgets($stream), fgets($stream)]);
            """);
        using var connection = await listener.AcceptTcpClientAsync();
        var received = new byte[5];
        await connection.GetStream().ReadExactlyAsync(received);
        await Task.Delay(100);
        await connection.GetStream().WriteAsync("pong"u8.ToArray());
        await connection.GetStream().ReadExactlyAsync(received);
        await Task.Delay(100);
        await connection.GetStream().WriteAsync("line 1\nli"u8.ToArray());
        await Task.Delay(100);
        await connection.GetStream().WriteAsync("ne 2\n"u8.ToArray());
        Assert.Equal((0, """[false,true]["",0,1][1,"pong"]["line 1\n","line 2\n"]"""), await running);
    }

    [NpmFact]
    public async Task ServesConnections()
    {
        await using var php = await Php.StartAsync(suspendsEverywhere: false, network: Loopback);
        var running = php.RunAsync(
            """
            $server = stream_socket_server('tcp://127.0.0.1:0', $code, $message);
            file_put_contents('/tmp/new', stream_socket_get_name($server, false));
            rename('/tmp/new', '/tmp/name');
            for ($i = 0; $i < 2; $i++) {
                $client = stream_socket_accept($server, 300);
                fwrite($client, 'You said ' . fgets($client));
                fclose($client);
            }
            echo json_encode(@stream_socket_accept($server, 0.1));
            """);
        while (!php.Files.Exists("/tmp/name"))
        {
            Assert.False(running.IsCompleted, "The script ended before there was a server.");
            await Task.Delay(10);
        }

        var port = int.Parse(php.Files.ReadText("/tmp/name").Split(':')[1], CultureInfo.InvariantCulture);
        for (var i = 0; i < 2; i++)
        {
            using var client = new TcpClient("127.0.0.1", port);
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"hello {i}\n"));
            using var reader = new StreamReader(client.GetStream());
            Assert.Equal($"You said hello {i}\n", await reader.ReadToEndAsync());
        }

        Assert.Equal((0, "false"), await running);
    }
}
