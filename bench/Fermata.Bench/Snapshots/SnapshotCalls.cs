using System.IO.Compression;

namespace Fermata.Bench;

/// <summary>How many bytes a call that waits takes in a snapshot, 30 activations deep: the difference of a snapshot with so many calls and one with twice as many.</summary>
/// <param name="compression">How the snapshots are packed.</param>
internal sealed class SnapshotCalls(CompressionLevel compression) : IBenchmark
{
    private const int Calls = 1_000;
    private const int Depth = 30;

    private readonly List<TaskCompletionSource<int>> _waiting = [];

    public Measurement Round()
    {
        var instance = Guest.Instantiate("deep", EngineOptions.Default, Wait);
        var down = instance.GetFunction<Func<int, int, Task<int>>>("down");
        var calls = new List<Task<int>>();
        var (shorter, longer) = (Park(), Park());
        _waiting.ForEach(static waiting => waiting.SetResult(1));
        _waiting.Clear();
        for (var i = 0; i < calls.Count; i++)
            Guest.Expect(calls[i].Result, 1 + ((Depth - 1) * ValueOf(i)));
        return new Measurement((double)(longer - shorter) / Calls);

        long Park()
        {
            for (var i = 0; i < Calls; i++)
                calls.Add(down(Depth, ValueOf(calls.Count)));
            using var snapshot = new MemoryStream();
            instance.Store.Snapshot(snapshot, new SnapshotOptions { Compression = compression });
            return snapshot.Length;
        }
    }

    /// <summary>What a call has in each of its frames: another value than the others, as an address is, so that packing does not make one of all.</summary>
    private static int ValueOf(int call) => 65_536 + (16 * call);

    private ValueTask<int> Wait(int value)
    {
        var waiting = new TaskCompletionSource<int>();
        _waiting.Add(waiting);
        return new ValueTask<int>(waiting.Task);
    }
}
