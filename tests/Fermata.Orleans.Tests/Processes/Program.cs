using System.Globalization;

namespace Fermata.Orleans.Tests.Processes;

/// <summary>
/// <c>silo DATABASE WORLD PORT PORT</c> runs orders until it is killed. <c>kill [orders] [kills]</c> has silos killed, of three on PostgreSQL, and looks whether every order ended once; by default 1000
/// orders and 100 kills.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["silo", var database, var world, var siloPort, var gatewayPort]:
                await SiloProcess.RunAsync(database, world, int.Parse(siloPort, CultureInfo.InvariantCulture), int.Parse(gatewayPort, CultureInfo.InvariantCulture));
                return 0;
            case ["kill", .. var rest]:
                var numbers = rest.Select(static number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray();
                using (var opened = TestDatabase.Open("PostgreSQL"))
                    Console.WriteLine(await new KillRun(numbers is [var orders, ..] ? orders : 1000, numbers is [_, var kills] ? kills : 100).RunAsync(opened, Console.Error));
                return 0;
            default:
                await Console.Error.WriteLineAsync("silo DATABASE WORLD PORT PORT | kill [ORDERS] [KILLS]");
                return 2;
        }
    }
}
