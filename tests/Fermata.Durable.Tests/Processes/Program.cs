using System.Globalization;

namespace Fermata.Durable.Tests.Processes;

/// <summary>
/// <c>worker DATABASE WORLD</c> runs orders until it is killed. <c>kill [orders] [kills] [workers] [SQLite|PostgreSQL]</c> has workers killed, and looks whether
/// every order ended once; by default 1000 orders and 200 kills of 3 workers on SQLite.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["worker", var database, var world]:
                await Worker.RunAsync(database, world);
                return 0;
            case ["kill", .. var rest]:
                var numbers = rest.Take(3).Select(static number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
                var run = new KillRun(numbers is [var orders, ..] ? orders : 1000, numbers is [_, var kills, ..] ? kills : 200, numbers is [_, _, var workers] ? workers : 3);
                using (var opened = TestDatabase.Open(rest is [_, _, _, var kind] ? kind : "SQLite"))
                    Console.WriteLine(await run.RunAsync(opened.Name, Console.Error));
                return 0;
            default:
                await Console.Error.WriteLineAsync("worker DATABASE WORLD | kill [ORDERS] [KILLS] [WORKERS] [SQLite|PostgreSQL]");
                return 2;
        }
    }
}
