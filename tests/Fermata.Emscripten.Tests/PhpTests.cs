namespace Fermata.Emscripten.Tests;

public sealed class PhpTests
{
    [NpmTheory]
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
        Assert.Equal("Hello World from localhost", (await php.RequestAsync("/www/hello.php", "name=World")).Body);
        var first = (await php.RequestAsync("/www/count.php")).Body.Split(' ');
        var second = (await php.RequestAsync("/www/count.php", cookies: $"PHPSESSID={first[0]}")).Body.Split(' ');
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
}
