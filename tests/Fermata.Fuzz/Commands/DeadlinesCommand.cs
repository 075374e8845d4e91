using System.CommandLine;
using Fermata.Fuzz.Wasi.Deadlines;

namespace Fermata.Fuzz.Commands;

/// <summary><c>deadlines</c>: measures how late calls of functions of WASI end.</summary>
internal static class DeadlinesCommand
{
    /// <summary>What is promised (docs/security.md).</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromMilliseconds(10);

    public static Command Create()
    {
        var only = new Option<string>("--only") { Description = "Only calls whose description contains this.", DefaultValueFactory = _ => "" };
        var moments = new Option<int>("--moments") { Description = "At how many moments a call is ended.", DefaultValueFactory = _ => 5 };
        var command = new Command("deadlines", "Measures how late calls of functions of WASI end that are cancelled, or whose store is disposed. Of Linux.") { only, moments };
        command.SetAction((result, _) => RunAsync(result.GetValue(only)!, result.GetValue(moments)));
        return command;
    }

    private static async Task<int> RunAsync(string only, int moments)
    {
        var isLate = false;
        Console.WriteLine("| Call | Function | Takes, ms | Cancelled: late, ms | Disposed: late, ms | By the clock, ms |");
        Console.WriteLine("|-|-|-:|-:|-:|-:|");
        foreach (var call in LongCalls.All().Where(call => $"{call.Name} {call.Function}".Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            var (full, cancelled, disposed, byClock) = await new DeadlineMeasurement(call, moments).RunAsync().ConfigureAwait(false);
            isLate |= cancelled > Promised;
            Console.WriteLine(FormattableString.Invariant(
                $"| {call.Name} | `{call.Function}` | {full.TotalMilliseconds:F0} | {cancelled.TotalMilliseconds:F1} | {disposed.TotalMilliseconds:F1} | {byClock.TotalMilliseconds:F1} |"));
        }

        return isLate ? 1 : 0;
    }
}
