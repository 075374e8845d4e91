using System.Globalization;

namespace Fermata.Orleans.Tests.Processes;

/// <summary>
/// <c>silo DATABASE WORLD PORT PORT MILLISECONDS</c> runs orders until it is killed. <c>kill [orders] [kills]</c> has silos killed, of three on PostgreSQL, and looks whether every order ended once; by default 1000
/// orders and 100 kills. <c>rate [calls] [plot]</c> measures how many calls one, two and three silos run in a second, 2000 by default, with none, 10,000 and 100,000 others parked; the plot is a file of SVG.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["silo", var database, var world, var siloPort, var gatewayPort, var answerTime]:
                await SiloProcess.RunAsync(database, world, Number(siloPort), Number(gatewayPort), TimeSpan.FromMilliseconds(Number(answerTime)));
                return 0;
            case ["rate", .. var rest]:
                using (var opened = TestDatabase.Open("PostgreSQL"))
                {
                    var (table, plot) = await new RateRun(rest is [var calls, ..] ? Number(calls) : 2000, [0, 10_000, 100_000]).RunAsync(opened, Console.Error);
                    Console.WriteLine(table);
                    if (rest is [_, var file])
                        await File.WriteAllTextAsync(file, plot);
                }

                return 0;
            case ["kill", .. var rest]:
                var numbers = rest.Select(Number).ToArray();
                using (var opened = TestDatabase.Open("PostgreSQL"))
                    Console.WriteLine(await new KillRun(numbers is [var orders, ..] ? orders : 1000, numbers is [_, var kills] ? kills : 100).RunAsync(opened, Console.Error));
                return 0;
            default:
                await Console.Error.WriteLineAsync("silo DATABASE WORLD PORT PORT MILLISECONDS | kill [ORDERS] [KILLS] | rate [CALLS] [PLOT]");
                return 2;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
