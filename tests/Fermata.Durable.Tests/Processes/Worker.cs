namespace Fermata.Durable.Tests.Processes;

/// <summary>A process that runs orders until it is killed.</summary>
internal static class Worker
{
    /// <summary>Runs orders.</summary>
    /// <param name="database">The database.</param>
    /// <param name="folder">Where the world notes what it was asked.</param>
    public static async Task RunAsync(string database, string folder)
    {
        using var world = new World(folder);
        var (host, _) = await Guest.OpenAsync(
            TestDatabase.Of(database), world.AskAsync, static options => options with { LeaseTime = TimeSpan.FromSeconds(3), PollInterval = TimeSpan.FromMilliseconds(100), ShortestAbsence = TimeSpan.Zero });
        await ProgramGuest.DefineAsync(host, world.AskAsync);
        await host.StartAsync();

        // It ends with the process that has started it.
        await Console.In.ReadToEndAsync();
        await host.DisposeAsync();
    }
}
