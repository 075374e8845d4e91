using System.Diagnostics;
using Fermata.Fuzz.Mutation;
using Fermata.Fuzz.Running;

namespace Fermata.Fuzz;

/// <summary>Mutates modules and texts on all cores and gives them to Fermata.</summary>
internal sealed class MutationCampaign(List<byte[]> modules, List<byte[]> scripts, string? keep)
{
    private const int PerBlock = 1000;
    private const int Workers = 2;

    private readonly Lock _lock = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly MutationCheck _check = new(limitsTime: true);
    private int _done;

    public int Failures { get; private set; }

    /// <summary>The same mutations for the same seed, whatever the number of workers.</summary>
    public void Run(int count, int texts, ulong seed)
    {
        if (keep is not null)
            Directory.CreateDirectory(keep);
        RunBlocks("modules", count, seed, modules, bytes => _check.Binary(bytes));
        RunBlocks("texts", texts, seed + 1, [.. scripts.SelectMany(TextSplitter.Modules)], bytes => _check.Text(bytes));
    }

    private void RunBlocks(string what, int count, ulong seed, List<byte[]> corpus, Func<byte[], string?> check)
    {
        if (corpus.Count == 0)
            return;
        _done = 0;
        var next = -1;
        var workers = Enumerable.Range(0, Workers).Select(_ => new Thread(() => BigStack.Run(() =>
        {
            for (int block; (block = Interlocked.Increment(ref next)) * PerBlock < count;)
                RunBlock(what, Math.Min(PerBlock, count - block * PerBlock), (seed << 32) + (ulong)block, corpus, check);
        }))).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
    }

    private void RunBlock(string what, int count, ulong seed, List<byte[]> corpus, Func<byte[], string?> check)
    {
        var random = new RandomSource(seed);
        for (var i = 0; i < count; i++)
        {
            var bytes = ByteMutator.Mutate(random.Pick(corpus), random.Pick(corpus), random);
            if (check(bytes) is { } problem)
                Fail($"{what} {seed:x} {i}", bytes, problem);
        }

        lock (_lock)
        {
            _done += count;
            if (_done % (20 * PerBlock) == 0 || count < PerBlock)
                Console.WriteLine($"{_done} {what} in {_watch.Elapsed:hh\\:mm\\:ss}: {_check}, {Failures} failures");
        }
    }

    private void Fail(string name, byte[] bytes, string problem)
    {
        lock (_lock)
        {
            Failures++;
            Console.WriteLine($"{name}: {problem}");
            if (keep is not null)
                File.WriteAllBytes(Path.Combine(keep, name.Replace(' ', '-')), bytes);
        }
    }
}
