using System.CommandLine;
using System.Diagnostics;
using Fermata.Fuzz.Snapshots;

namespace Fermata.Fuzz.Commands;

/// <summary><c>mutate-snapshots</c>: gives Fermata bytes that are nearly snapshots.</summary>
internal static class MutateSnapshotsCommand
{
    private const int PerReport = 10_000;

    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many mutated snapshots.", DefaultValueFactory = _ => 1_000_000 };
        var seed = new Option<ulong>("--seed") { Description = "What decides about the first one; each further one has the next.", DefaultValueFactory = _ => 1 };
        var workers = new Option<int>("--workers") { Description = "How many at once.", DefaultValueFactory = _ => 2 };
        var command = new Command("mutate-snapshots", "Restores mutated snapshots, and has the calls in them go on.") { count, seed, workers };
        command.SetAction(result => Run(result.GetValue(count), result.GetValue(seed), result.GetValue(workers)));
        return command;
    }

    private static int Run(int count, ulong seed, int workers)
    {
        var mutation = new SnapshotMutation();
        var watch = Stopwatch.StartNew();
        var (next, failures) = (-1, 0);
        var threads = Enumerable.Range(0, workers).Select(_ => new Thread(() =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < count;)
            {
                if (!TryRun(mutation, seed + (ulong)i))
                    Interlocked.Increment(ref failures);
                if ((i + 1) % PerReport == 0)
                    Report();
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Report();
        return failures == 0 ? 0 : 1;

        void Report() => Console.WriteLine(
            $"{mutation.Restored + mutation.Refused + failures} snapshots in {watch.Elapsed:hh\\:mm\\:ss}: {mutation.Restored} restored, {mutation.Refused} refused, {failures} failures");
    }

    private static bool TryRun(SnapshotMutation mutation, ulong seed)
    {
        try
        {
            mutation.RunAsync(seed).GetAwaiter().GetResult();
            return true;
        }
#pragma warning disable CA1031 // Whatever it is, it is a failure.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Console.WriteLine($"--seed {seed}: {exception}");
            return false;
        }
    }
}
