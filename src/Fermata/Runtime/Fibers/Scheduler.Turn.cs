namespace Fermata.Runtime;

/// <summary>Who has the turn of the store, and what waits for it.</summary>
internal sealed partial class Scheduler
{
    private readonly ReadyQueue _ready = new();

    public Turn Turn { get; } = new();

    /// <summary>Takes the turn, waiting for it if another thread has it.</summary>
    public void EnterTurn()
    {
        if (Turn.TryEnter())
            return;
        using var request = new TurnRequest();
        AddReady(request);

        // No code of callers in here: it might want the turn too, and find that it was given to this request, to which this thread must return first.
        Drain(publishesHere: false);
        request.Wait();
    }

    /// <summary>Gives the turn back and sees to it that fibers that became ready meanwhile run.</summary>
    public void LeaveTurn()
    {
        if (Turn.Leave() && !_ready.IsEmpty)
            ScheduleDrain();
    }

    /// <summary>Called when what the fiber waits for has happened, on any thread.</summary>
    public void MakeReady(Fiber fiber)
    {
        if (_ready.IsEmpty && Turn.TryEnterFromOutside())
        {
            RunReady(fiber, publishesHere: true);
            if (!_ready.IsEmpty)
                Drain();
            return;
        }

        AddReady(fiber);
        Drain();
    }

    private void ScheduleDrain() => ThreadPool.UnsafeQueueUserWorkItem(static scheduler => scheduler.Drain(), this, preferLocal: false);

    /// <summary>Runs what is ready while the turn is free.</summary>
    /// <param name="publishesHere">Whether the code that waits for calls that end may run on this thread; else it runs on one of the pool.</param>
    private void Drain(bool publishesHere = true)
    {
        while (!_ready.IsEmpty && Turn.TryEnterFromOutside())
        {
            if (!_ready.TryDequeue(out var next))
            {
                Turn.Leave();
                continue;
            }

            if (next is TurnRequest request)
            {
                Turn.HandOver(request.ThreadId);
                request.Grant();
                return;
            }

            RunReady((Fiber)next, publishesHere);
        }
    }

    /// <summary>Runs one fiber on a turn just taken, and gives the turn back.</summary>
    private void RunReady(Fiber fiber, bool publishesHere)
    {
        if (!fiber.IsReady())
        {
            Turn.Leave();
            return;
        }

        var isStart = fiber.QueuedArguments is not null;
        fiber.QueuedArguments?.Load(context);
        fiber.QueuedArguments = null;
        var ended = Run(fiber, isStart);
        var completion = ended ? Release(fiber) : null;
        Turn.Leave();
        if (completion is null)
            return;

        if (!publishesHere)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static completion => completion.Publish(), completion, preferLocal: false);
            return;
        }

        // The caller's code may run here for long: what is ready must not wait for it.
        if (!_ready.IsEmpty)
            ScheduleDrain();
        completion.Publish();
    }

    /// <summary>Has a promising call start, or go on, once the turn is free and all that waits for it now had it.</summary>
    public void Enqueue(Fiber fiber)
    {
        AddReady(fiber);
        Drain();
    }
}
