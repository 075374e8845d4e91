using Fermata.Structure;

namespace Fermata.Cli;

/// <summary>Saves a run in a file when it is interrupted, or after some time, and ends it with that.</summary>
/// <param name="terminal">Where that is told.</param>
/// <param name="plan">Where to; null if the run is not saved.</param>
/// <param name="interruption">What asks for it.</param>
internal sealed class RunSaver(Terminal terminal, SavePlan? plan, Interruption interruption)
{
    private static readonly TimeSpan ShortTime = TimeSpan.FromMilliseconds(10);

    /// <summary>Has a run go on to its end, or until it is saved.</summary>
    /// <param name="store">The store in which it runs.</param>
    /// <param name="run">What snapshots have of the run.</param>
    /// <param name="start">Starts the run.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(Store store, SavedRun run, Func<Task<int>> start)
    {
        if (plan is null)
            return await start().ConfigureAwait(false);
        store.SetData(new Data(store, run));
        var asked = interruption.AskToSaveAsync(plan.After);
        var running = Task.Run(start);
        while (await Task.WhenAny(running, asked).ConfigureAwait(false) == asked)
        {
            var exitCode = await asked.ConfigureAwait(false);
            if (await TrySaveAsync(store, running).ConfigureAwait(false))
            {
                await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return exitCode;
            }

            asked = interruption.AskToSaveAsync(after: null);
        }

        return await running.ConfigureAwait(false);
    }

    /// <summary>Saves the run, which ends with that; or tells why that cannot be.</summary>
    private async Task<bool> TrySaveAsync(Store store, Task running)
    {
        // A file that is there already is replaced by a whole one only.
        var temporary = plan!.Path + ".part";
        try
        {
            while (!await TryWriteAsync(store, temporary).ConfigureAwait(false))
            {
                if (await Task.WhenAny(running, Task.Delay(ShortTime)).ConfigureAwait(false) == running)
                {
                    Delete(temporary);
                    return false;
                }
            }
        }
        catch (Exception e) when (e is NotSupportedException or IOException or UnauthorizedAccessException or ObjectDisposedException or OperationCanceledException)
        {
            Delete(temporary);
            if (!interruption.Token.IsCancellationRequested)
                terminal.Error.WriteLine($"fermata: {HostileText.Printable(plan.Path)}: the program could not be saved, and goes on: {HostileText.Printable(e.Message)}");
            return false;
        }

        terminal.Error.WriteLine($"fermata: saved; 'fermata resume {HostileText.Printable(Name(temporary))}' goes on.");
        return true;
    }

    /// <summary>Gives the snapshot its name. The program has ended by now, so that it is kept whatever happens.</summary>
    /// <returns>The name that it has.</returns>
    private string Name(string temporary)
    {
        try
        {
            ModuleFile.Move(temporary, plan!.Path);
            return plan.Path;
        }
        catch (CommandException e)
        {
            terminal.Error.WriteLine($"fermata: {e.Message}");
            return temporary;
        }
    }

    private static void Delete(string temporary)
    {
        if (File.Exists(temporary))
            File.Delete(temporary);
    }

    /// <returns>False if the program has not begun, or has ended.</returns>
    private async Task<bool> TryWriteAsync(Store store, string path)
    {
        try
        {
            var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            await using (stream.ConfigureAwait(false))
                await store.SnapshotAsync(stream, new SnapshotOptions { InterruptsCalls = true, EndsStore = true }).WaitAsync(interruption.Token).ConfigureAwait(false);
            return true;
        }
        catch (NoCallException)
        {
            return false;
        }
    }

    /// <summary>There is nothing to save.</summary>
    private sealed class NoCallException : NotSupportedException;

    private sealed class Data(Store store, SavedRun run) : ISnapshotData
    {
        public string SnapshotName => SavedRun.Name;

        public ReadOnlyMemory<byte> ToSnapshot() => store.Fibers.Count > 0 ? run.ToBytes() : throw new NoCallException();
    }
}
