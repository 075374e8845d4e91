using System.Globalization;

namespace Fermata.Durable.Tests.Processes;

/// <summary>
/// <c>worker DATABASE WORLD</c> runs orders until it is killed. <c>kill [orders] [kills] [workers] [SQLite|PostgreSQL]</c> has workers killed, and looks whether
/// every order ended once; by default 1000 orders and 200 kills of 3 workers on SQLite. <c>park [orders] [SQLite|PostgreSQL]</c> has orders wait, 100,000 by default, and tells what they take and
/// how long it takes a new process until one goes on.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["python", var database]:
                await PythonWorker.RunAsync(database);
                return 0;
            case ["worker", var database, var world]:
                await Worker.RunAsync(database, world);
                return 0;
            case ["kill", .. var rest]:
                var numbers = rest.Take(3).Select(static number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
                var run = new KillRun(numbers is [var orders, ..] ? orders : 1000, numbers is [_, var kills, ..] ? kills : 200, numbers is [_, _, var workers] ? workers : 3);
                using (var opened = TestDatabase.Open(rest is [_, _, _, var kind] ? kind : "SQLite"))
                    Console.WriteLine(await run.RunAsync(opened.Name, Console.Error));
                return 0;
            case ["park", .. var rest]:
                using (var opened = TestDatabase.Open(rest is [_, var parkKind] ? parkKind : "SQLite"))
                    await ParkRun.RunAsync(opened, rest is [var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 100_000, Console.Out);
                return 0;
            case ["resume", var database]:
                await ParkRun.ResumeAsync(database);
                return 0;
            default:
                await Console.Error.WriteLineAsync("worker DATABASE WORLD | kill [ORDERS] [KILLS] [WORKERS] [SQLite|PostgreSQL] | park [ORDERS] [SQLite|PostgreSQL]");
                return 2;
        }
    }
}
