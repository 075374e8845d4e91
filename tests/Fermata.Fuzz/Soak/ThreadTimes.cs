using System.Globalization;

namespace Fermata.Fuzz.Soak;

/// <summary>What the threads of the process used, by their names: whose time it was that a run was late. Nothing is known but on Linux.</summary>
/// <remarks>A thread that has ended is not told of, so that those which made calls are missing.</remarks>
internal sealed class ThreadTimes
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(0.5);

    private readonly Dictionary<string, (string Name, TimeSpan Used)> _threads;

    private ThreadTimes(Dictionary<string, (string Name, TimeSpan Used)> threads) => _threads = threads;

    public static ThreadTimes Now
    {
        get
        {
            var threads = new Dictionary<string, (string, TimeSpan)>();
            foreach (var folder in OperatingSystem.IsLinux() ? Directory.GetDirectories("/proc/self/task") : [])
            {
                if (TryRead(folder, out var name, out var used))
                    threads.Add(folder, (name, used));
            }

            return new ThreadTimes(threads);
        }
    }

    public static ThreadTimes operator -(ThreadTimes to, ThreadTimes from) => new(to._threads.ToDictionary(
        thread => thread.Key,
        thread => (thread.Value.Name, thread.Value.Used - from._threads.GetValueOrDefault(thread.Key).Used)));

    public override string ToString() => string.Join(", ", _threads.Values
        .Where(thread => thread.Used >= Least)
        .OrderByDescending(thread => thread.Used)
        .Select(thread => string.Create(CultureInfo.InvariantCulture, $"{thread.Name} {thread.Used.TotalMilliseconds:f1} ms")));

    /// <param name="folder">What the system tells of a thread.</param>
    /// <param name="name">Its name.</param>
    /// <param name="used">The processor time that it used: the first number of its statistics, in nanoseconds.</param>
    /// <returns>Whether it is there still.</returns>
    private static bool TryRead(string folder, out string name, out TimeSpan used)
    {
        (name, used) = ("", TimeSpan.Zero);
        try
        {
            name = File.ReadAllText(Path.Combine(folder, "comm")).TrimEnd();
            used = TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText(Path.Combine(folder, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture) / 1_000.0);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
