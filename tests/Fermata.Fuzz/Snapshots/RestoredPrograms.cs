namespace Fermata.Fuzz.Snapshots;

/// <summary>The other process of a <see cref="SnapshotCampaign"/>: it has modules and snapshots of a folder go on, and writes down what happened.</summary>
internal static class RestoredPrograms
{
    /// <summary>Has each snapshot go on to its end, some through further snapshots.</summary>
    /// <param name="folder">Files <c>SEED.wat</c>, and for each <c>SEED-N.snapshot</c>; <c>SEED-N.log</c> are written.</param>
    public static void RunAll(string folder)
    {
        foreach (var file in Directory.GetFiles(folder, "*.wat").Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var engine = new Engine(WaitingRun.EngineOptionsOf(ulong.Parse(name, System.Globalization.CultureInfo.InvariantCulture)));
            var module = Module.Parse(engine, File.ReadAllText(file));
            foreach (var snapshot in Directory.GetFiles(folder, $"{name}-*.snapshot").Order(StringComparer.Ordinal))
                File.WriteAllLines(Path.ChangeExtension(snapshot, ".log"), Run(module, WaitingState.Read(snapshot)));
        }
    }

    private static List<string> Run(Module module, WaitingState state)
    {
        var log = new List<string>();
        try
        {
            while (true)
            {
                using var run = new WaitingRun(module, state);
                var random = new RandomSource(state.Seed + (ulong)state.Step);
                run.RunTo(state.Step + 1 + random.Below(40));
                var pauses = random.OneIn(2);
                if (run.HasEnded || !run.TryStep(pauses))
                {
                    log.AddRange(run.Log);
                    return log;
                }

                state = run.Save();
                log.AddRange(run.Log);
            }
        }
#pragma warning disable CA1031 // Whatever it is, it is what happened.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            log.Add(exception.ToString());
            return log;
        }
    }
}
