namespace Fermata.Tests.Suspension;

/// <summary>Threads that all do something at the same moment, again and again.</summary>
internal static class Race
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(5);

    /// <summary>Runs rounds. In each, all contenders start at once, on threads of their own; what one throws is thrown here.</summary>
    /// <param name="rounds">How many.</param>
    /// <param name="prepare">Comes before each round, and says what the contenders do.</param>
    /// <param name="judge">Comes after each round, when all contenders have done what they do.</param>
    public static void Run(int rounds, Func<int, Action[]> prepare, Action<int> judge)
    {
        Action[] contenders = prepare(0);
        using var start = new Barrier(contenders.Length + 1);
        using var end = new Barrier(contenders.Length + 1);
        Exception? failure = null;
        var isOver = false;
        var threads = Enumerable.Range(0, contenders.Length).Select(number => new Thread(() =>
        {
            while (true)
            {
                Meet(start);
                if (isOver)
                    return;
                failure = Record.Exception(contenders[number]) ?? failure;
                Meet(end);
            }
        })
        { IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        for (var round = 0; round < rounds; round++)
        {
            if (round > 0)
                contenders = prepare(round);
            Meet(start);
            Meet(end);
            Assert.Null(failure);
            judge(round);
        }

        isOver = true;
        Meet(start);
        threads.ForEach(thread => Assert.True(thread.Join(LongEnough)));
    }

    private static void Meet(Barrier barrier) => Assert.True(barrier.SignalAndWait(LongEnough), "A thread of the race hangs.");
}
