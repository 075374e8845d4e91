namespace Fermata.Samples;

/// <summary>The host of sensors.c: an import that waits, and then writes its result through a pointer to the C stack.</summary>
public static class TwoSteps
{
    private const int Calls = 200;

    public static async Task RunAsync(SampleConsole console)
    {
        foreach (var policy in new[] { ShadowStackPolicy.CopyOnConflict, ShadowStackPolicy.Copy, ShadowStackPolicy.Separate, ShadowStackPolicy.None })
            console.Host($"{policy}: {await CountRightSums(policy, inTwoSteps: true)} of {Calls} calls have the sum of their own readings");
        console.Host($"in one step, written after the wait: {await CountRightSums(ShadowStackPolicy.CopyOnConflict, inTwoSteps: false)} of {Calls}");
    }

    private static async Task<int> CountRightSums(ShadowStackPolicy policy, bool inTwoSteps)
    {
        var engine = new Engine();
        using var store = new Store(engine, new StoreOptions { ShadowStack = policy, SeparateStackBytes = 1024 });
        var linker = new Linker(engine);
        var waiting = new List<(int Sensor, TaskCompletionSource<int> Reading)>();

        Task<int> Ask(int sensor)
        {
            var source = new TaskCompletionSource<int>();
            waiting.Add((sensor, source));
            return source.Task;
        }

        static int Write(Caller caller, int value, int sensor, int reading)
        {
            caller.Memory.Write(reading, sensor);
            caller.Memory.Write(reading + 4, value);
            return 1;
        }

        // The first step may wait. The second one runs when the call goes on, with the call's C stack in place.
        if (inTwoSteps)
            linker.Define("env", "readSensor", (int sensor, int reading) => Ask(sensor), Write);
        else
            linker.Define("env", "readSensor", async (Caller caller, int sensor, int reading) => Write(caller, await Ask(sensor), sensor, reading));

        var sumOfTwo = linker.Instantiate(store, Module.LoadFile(engine, SampleFiles.PathOf("11-two-steps/sensors.wasm"))).GetFunction<Func<int, Task<int>>>("sumOfTwo");
        var sums = Enumerable.Range(0, Calls).Select(sumOfTwo).ToArray();

        // The sensors answer in any order; the value is ten times the number of the sensor.
        var random = new Random(1);
        while (waiting.Count > 0)
        {
            var next = random.Next(waiting.Count);
            var (sensor, source) = waiting[next];
            waiting.RemoveAt(next);
            source.SetResult(10 * sensor);
        }

        return (await Task.WhenAll(sums)).Where((sum, sensor) => sum == 20 * sensor).Count();
    }
}
