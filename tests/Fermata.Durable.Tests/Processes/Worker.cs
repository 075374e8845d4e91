using System.Globalization;
using System.Text;

namespace Fermata.Durable.Tests.Processes;

/// <summary>A process that runs orders until it is killed.</summary>
internal static class Worker
{
    /// <summary>A database by its path, or by its connection string.</summary>
    public static DurableDatabase Database(string name) => name.Contains('=', StringComparison.Ordinal) ? DurableDatabase.PostgreSql(name) : DurableDatabase.Sqlite(name);

    /// <summary>Runs orders.</summary>
    /// <param name="database">The database.</param>
    /// <param name="world">The folder in which the world notes what it was asked: a line for each question, with its key.</param>
    public static async Task RunAsync(string database, string world)
    {
        // Each line is one write, so that it is there when the process is killed.
        await using var notes = new FileStream(Path.Combine(world, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var (host, _) = await Guest.OpenAsync(
            Database(database),
            (call, value) =>
            {
                lock (notes)
                    notes.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{call.Key} {call.Store} {value}\n")));
                return Task.FromResult(value * 2);
            },
            static options => options with { LeaseTime = TimeSpan.FromSeconds(3), PollInterval = TimeSpan.FromMilliseconds(100), ShortestAbsence = TimeSpan.Zero });
        await host.StartAsync();

        // It ends with the process that has started it.
        await Console.In.ReadToEndAsync();
        await host.DisposeAsync();
    }
}
