using Fermata.Platform.Network;

namespace Fermata.Emscripten.Tests;

public sealed class PhpTests
{
    [NpmTheory(IsHeavy = true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunsAScript(bool suspendsEverywhere)
    {
        await using var php = await Php.StartAsync(suspendsEverywhere);
        var result = await php.RunAsync(
            """
            echo PHP_MAJOR_VERSION, ' ', array_sum(range(1, 10)), ' ', preg_replace('/a+/', 'b', 'caat'), "\n";
            try { throw new LogicException('thrown'); } catch (Exception $e) { echo get_class($e), ' ', $e->getMessage(), "\n"; }
            file_put_contents('/tmp/f', 'written'); echo file_get_contents('/tmp/f'), ' ', filesize('/tmp/f'), ' ', implode(',', array_diff(scandir('/tmp'), ['.', '..'])), "\n";
            $db = new PDO('sqlite::memory:'); echo json_encode($db->query('select 6 * 7 as n')->fetchAll(PDO::FETCH_ASSOC)), "\n";
            exit(3);
            """);
        Assert.Equal((3, "8 55 cbt\nLogicException thrown\nwritten 7 f\n[{\"n\":42}]\n"), result);
    }

    [NpmFact]
    public async Task ServesRequestsOneAfterAnotherWithQueriesAndSessions()
    {
        await using var php = await Php.StartAsync(suspendsEverywhere: false);
        php.Files.AddText("/www/hello.php", "<?php echo 'Hello ', $_GET['name'], ' from ', $_SERVER['HTTP_HOST'];");
        php.Files.AddText("/www/count.php", "<?php session_start(); $_SESSION['n'] = ($_SESSION['n'] ?? 0) + 1; echo session_id(), ' ', $_SESSION['n'];");
        await php.ListenAsync();
        Assert.Equal("Hello World from localhost", (await php.RequestAsync(new PhpRequest("/www/hello.php") { Query = "name=World" })).Body);
        var first = (await php.RequestAsync(new PhpRequest("/www/count.php"))).Body.Split(' ');
        var second = (await php.RequestAsync(new PhpRequest("/www/count.php") { Cookies = $"PHPSESSID={first[0]}" })).Body.Split(' ');
        Assert.Equal("1", first[1]);
        Assert.Equal([first[0], "2"], second);
    }

    [NpmFact]
    public async Task ManySleepAtOnceOnFewThreads()
    {
        const int guests = 20;
        var all = await Task.WhenAll(Enumerable.Range(0, guests).Select(async _ =>
        {
            await using var php = await Php.StartAsync(suspendsEverywhere: false);
            return await php.RunAsync("$start = microtime(true); sleep(1); usleep(1000); echo microtime(true) - $start >= 1 ? 'slept' : 'awake';");
        }));
        Assert.All(all, result => Assert.Equal((0, "slept"), result));
    }

    [NpmFact]
    public async Task RequestsHaveFieldsHeadersAndUploads()
    {
        await using var php = await Php.StartAsync(suspendsEverywhere: false);
        php.Files.AddText("/www/all.php",
            """
            <?php
            header('X-Answer: yes');
            http_response_code(201);
            echo json_encode([$_SERVER['REQUEST_METHOD'], $_GET, $_POST, $_COOKIE, $_SERVER['HTTP_X_TEST'] ?? null, file_get_contents('php://input')]);
            foreach ($_FILES as $file)
                echo $file['name'], ' ', $file['type'], ' ', $file['error'], ' ', file_get_contents($file['tmp_name']);
            """);
        await php.ListenAsync();
        var (body, headers) = await php.RequestAsync(new PhpRequest("/www/all.php")
        {
            Method = "POST",
            Query = "q=1",
            Cookies = "c=2",
            ContentType = "application/x-www-form-urlencoded",
            Body = "p[]=3&p[]=4",
            Variables = new Dictionary<string, string> { ["HTTP_X_TEST"] = "5" },
        });
        Assert.Equal("""["POST",{"q":"1"},{"p":["3","4"]},{"c":"2"},"5","p[]=3&p[]=4"]""", body);
        Assert.Contains("X-Answer: yes", headers, StringComparison.Ordinal);
        Assert.Contains("201", headers, StringComparison.Ordinal);

        (body, _) = await php.RequestAsync(new PhpRequest("/www/all.php")
        {
            Method = "POST",
            ContentType = "multipart/form-data; boundary=line",
            Body = string.Join("\r\n",
                "--line", "Content-Disposition: form-data; name=\"field\"", "", "value",
                "--line", "Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"", "Content-Type: text/plain", "", "uploaded", "--line--", ""),
        });
        Assert.Equal("""["POST",[],{"field":"value"},[],null,""]a.txt text/plain 0 uploaded""", body);
    }

    [NpmFact(IsHeavy = true)]
    public async Task ManyRequestsWaitForAServerAtOnceOnFewThreads()
    {
        // An instance takes 28 MiB, most of it the memory that PHP fills when it starts, and a tenth of a second.
        var requests = int.TryParse(Environment.GetEnvironmentVariable("FERMATA_PHP_REQUESTS"), out var count) ? count : 50;
        var all = new Rendezvous(requests);
        var (before, most) = (ThreadPool.ThreadCount, 0);
        using var server = new HttpServer(async request =>
        {
            await all.ArriveAsync();
            most = Math.Max(most, ThreadPool.ThreadCount);
            await Task.Delay(500);
            return request.Split(' ')[1];
        });
        // PHP ends requests that take long: all are ready before the first begins.
        var instances = await Task.WhenAll(Enumerable.Range(0, requests).Select(async _ =>
        {
            var php = await Php.StartAsync(suspendsEverywhere: false, network: new NetworkPolicy().AllowConnect("127.0.0.1"));
            php.Files.AddText("/www/fetch.php", $"<?php echo file_get_contents('http://127.0.0.1:{server.Port}/' . $_GET['path']);");
            await php.ListenAsync();
            return php;
        }));
        var answers = await Task.WhenAll(instances.Select(async (php, i) => (await php.RequestAsync(new PhpRequest("/www/fetch.php") { Query = $"path={i}" })).Body));
        foreach (var php in instances)
            await php.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, requests).Select(i => $"/{i}"), answers);
        Assert.Equal(requests, all.MostAtOnce);
        Assert.InRange(most, 0, before + 30);
    }

    [NpmTheory(IsHeavy = true)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FibersWaitAndAreResumed(bool suspendsEverywhere)
    {
        await using var php = await Php.StartAsync(suspendsEverywhere);
        var result = await php.RunAsync(
            """
            $fiber = new Fiber(function ($given) {
                $next = Fiber::suspend("given $given");
                usleep(1000);
                try { Fiber::suspend("next $next"); } catch (Exception $e) { echo 'caught ', $e->getMessage(), "\n"; }
                return 'returned';
            });
            echo $fiber->start('a'), "\n", $fiber->resume('b'), "\n";
            $fiber->throw(new Exception('thrown'));
            echo $fiber->getReturn(), "\n";
            try { (new Fiber(function () { throw new LogicException('out'); }))->start(); } catch (LogicException $e) { echo $e->getMessage(), "\n"; }

            $many = array_map(fn ($i) => new Fiber(function () use ($i) { for ($k = 0; $k < 3; $k++) Fiber::suspend($i); }), range(1, 1000));
            $sum = 0;
            foreach ($many as $fiber) $sum += $fiber->start();
            foreach ($many as $fiber) $sum += $fiber->resume();
            foreach ($many as $fiber) { $sum += $fiber->resume(); $fiber->resume(); assert($fiber->isTerminated()); }
            echo $sum, "\n";

            $nest = function ($depth) use (&$nest) { return $depth == 0 ? Fiber::suspend() ?? 0 : 1 + (function () use ($nest, $depth) {
                $inner = new Fiber($nest);
                $inner->start($depth - 1);
                if (!$inner->isTerminated()) $inner->resume();
                return $inner->getReturn();
            })(); };
            $outer = new Fiber($nest);
            $outer->start(200);
            echo $outer->getReturn(), "\n";

            $never = new Fiber(function () { try { Fiber::suspend(); } finally { echo 'finally'; } });
            $never->start();
            """);
        Assert.Equal((0, "given a\nnext b\ncaught thrown\nreturned\nout\n1501500\n200\nfinally"), result);
    }
}
