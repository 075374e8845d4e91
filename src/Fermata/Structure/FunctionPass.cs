using System.Runtime.ExceptionServices;

namespace Fermata.Structure;

/// <summary>A pass over the functions of a module, of which each is looked at alone: on several processors if there is much code.</summary>
/// <remarks>
/// It ends as if one thread had looked at one function after the other: with the exception of the first function, by index, that has one. The thread that asks for it works,
/// too, so it ends also where no other thread is free.
/// </remarks>
internal sealed class FunctionPass
{
    /// <summary>Less code takes one thread some 10 ms.</summary>
    private const long ShortCode = 256 << 10;

    private const int MostThreads = 8;

    /// <summary>How many functions a thread takes at a time.</summary>
    private const int Batch = 64;

    private readonly Lock _gate = new();
    private readonly int _end;
    private int _next;

    /// <summary>The first function with an exception so far.</summary>
    private int _failed = int.MaxValue;
    private ExceptionDispatchInfo? _failure;

    private FunctionPass(int first, int end)
    {
        _next = first;
        _end = end;
    }

    /// <summary>Looks at functions.</summary>
    /// <param name="first">The index of the first one.</param>
    /// <param name="end">The index behind the last one.</param>
    /// <param name="codeLength">How much code they have, in bytes.</param>
    /// <param name="budget">What it may cost.</param>
    /// <param name="begin">Gives what looks at a function by its index, for the budget of a thread. Threads call it one after the other.</param>
    public static void Run(int first, int end, long codeLength, LoadBudget budget, Func<LoadBudget, Action<int>> begin)
    {
        var pass = new FunctionPass(first, end);
        var threads = codeLength < ShortCode ? 1 : Math.Min(Environment.ProcessorCount, MostThreads);
        if (threads == 1)
        {
            pass.Work(budget, begin);
        }
        else
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = threads, TaskScheduler = TaskScheduler.Default };
            Parallel.For(0, threads, options, _ => pass.Work(budget.ForThread(), begin));
        }

        pass._failure?.Throw();
        budget.Function = null;
    }

    private void Work(LoadBudget budget, Func<LoadBudget, Action<int>> begin)
    {
        Action<int> look;
        lock (_gate)
            look = begin(budget);

        // All functions before one that failed are looked at, as whoever took them goes on.
        while (true)
        {
            var end = Interlocked.Add(ref _next, Batch);
            var function = end - Batch;
            if (function >= Math.Min(_end, Volatile.Read(ref _failed)))
                return;
            try
            {
                for (; function < Math.Min(end, _end); function++)
                {
                    budget.Function = function;
                    look(function);
                }
            }
#pragma warning disable CA1031 // It is thrown where the pass was asked for.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Fail(function, exception);
                return;
            }
        }
    }

    private void Fail(int function, Exception exception)
    {
        lock (_gate)
        {
            if (function >= _failed)
                return;
            _failed = function;
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
    }
}
