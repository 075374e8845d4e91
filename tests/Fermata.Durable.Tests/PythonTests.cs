using Fermata.Durable.Tests.Processes;

namespace Fermata.Durable.Tests;

/// <summary>CPython, which knows nothing of any of this.</summary>
public sealed class PythonTests
{
    /// <summary>A process is killed while a function of Python asks below fifty others; another one answers.</summary>
    [NpmFact(IsHeavy = true)]
    public async Task AFunctionGoesOnInAnotherProcess()
    {
        using var database = TestDatabase.Open("SQLite");
        string key;
        using (var process = Child.Start("python", database.Name))
        {
            while (Waits(database) is not ["/call/price"])
            {
                Assert.False(process.HasExited);
                await Task.Delay(50);
            }

            process.Kill();
            await process.WaitForExitAsync();
            key = (string)database.Query("SELECT key FROM fermata_waits")[0];
        }

        var asked = new List<(string, PythonWorker.Wish)>();
        var (host, _) = await PythonWorker.OpenAsync(database.Database, TimeSpan.FromMinutes(5), (call, wish) =>
        {
            asked.Add((call.Key[^key.Length..], wish));
            return wish.Item == "none" ? Task.FromException<int>(new KeyNotFoundException("no such item")) : Task.FromResult(100 * wish.Pieces);
        });
        await using var _ = host;
        Assert.Equal("asks\n", await host.GetOutputAsync("order"));
        await host.StartAsync();
        var results = await host.GetResultsAsync("order").WaitAsync(TimeSpan.FromMinutes(5));
        var error = await host.GetErrorAsync("order");
        Assert.True(error.Length == 0, error);
        Assert.Equal([3], results);
        Assert.Equal("asks\nleaves 50\n43225 [-29, 100] 15 ['one', 'two']\n", await host.GetOutputAsync("order"));
        Assert.Equal(new PythonWorker.Wish[] { new("lamp", 3), new("none", 1), new("rug", 1) }, asked.Select(static question => question.Item2));
        Assert.Equal(key, asked[0].Item1);
    }

    private static List<object> Waits(TestDatabase database)
    {
        try
        {
            return database.Query("SELECT function FROM fermata_waits");
        }
        catch (Microsoft.Data.Sqlite.SqliteException)
        {
            // There are no tables yet.
            return [];
        }
    }
}
