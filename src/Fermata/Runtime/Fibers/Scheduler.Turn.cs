namespace Fermata.Runtime;

/// <summary>Who has the turn of the store, and what waits for it.</summary>
internal sealed partial class Scheduler
{
    /// <summary>How long a thread that came for something else is kept with what is ready, in milliseconds; the pool does the rest.</summary>
    private const int MostHelp = 10;

    /// <summary>Whose work this thread does that was posted to a context, which need not be the current one then.</summary>
    [ThreadStatic]
    private static Scheduler? _posted;

    private readonly ReadyQueue _ready = new();
    private readonly SynchronizationContext? _home = context.Store.Options.SynchronizationContext;

    public Turn Turn { get; } = new();

    /// <summary>For the tasks of calls that synchronous host functions start.</summary>
    public TurnGuard Guard => field ??= new TurnGuard(Turn);

    /// <summary>Whether tasks may be completed where their continuations would not be run on the spot.</summary>
    public bool MeetsContexts { get; private set; } = context.Store.Options.SynchronizationContext is not null;

    /// <summary>Whether fibers may run on this thread.</summary>
    private bool IsAtHome => _home is null || SynchronizationContext.Current == _home || _posted == this;

    /// <summary>Takes the turn for a promising call that starts here and now, if it is free or this thread's already.</summary>
    public bool TryEnterToStart()
    {
        if (!MeetsContexts && Continuation.IsContextCurrent)
            MeetsContexts = true;
        return IsAtHome && Turn.TryEnter();
    }

    /// <summary>Takes the turn, waiting for it if another thread has it.</summary>
    public void EnterTurn()
    {
        if (Turn.TryEnter())
            return;
        using var request = new TurnRequest();
        AddReady(request, isUrgent: _home is not null);

        // No code of callers in here: it might want the turn too, and find that it was given to this request, to which this thread must return first.
        Drain(publishesHere: false);
        request.Wait();
    }

    /// <summary>Does something on the turn: at once if nobody else has it, else when it is given back, on whatever thread. No thread waits for it.</summary>
    public async Task OnTurn(Action work)
    {
        if (!Turn.TryEnter())
        {
            var waiting = new TurnWork(work);
            AddReady(waiting, isUrgent: _home is not null);
            Drain();
            await waiting.Task.ConfigureAwait(false);
            return;
        }

        try
        {
            work();
        }
        finally
        {
            LeaveTurn();
        }
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
        // Who waits for a call may complete what the next one waits for, on top of this stack, and so on.
        if (!NativeStack.Here(int.MaxValue).HasRoom(StoreContext.LeastRoom))
        {
            AddReady(fiber);
            ScheduleDrain();
            return;
        }

        if (_ready.IsEmpty && IsAtHome && Turn.TryEnterFromOutside())
        {
            RunReady(fiber, publishesHere: true);
            if (!_ready.IsEmpty)
                Drain();
            return;
        }

        AddReady(fiber);
        Drain();
    }

    /// <summary>Has what is ready run when this thread has done what it does.</summary>
    private void ScheduleDrain()
    {
        if (_home is null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static scheduler => scheduler.Drain(), this, preferLocal: false);
            return;
        }

        // A thread that waits for the turn may be the one of the context.
        if (_ready.HasUrgent)
            Drain();
        if (!_ready.IsEmpty)
            _home.Post(static scheduler => ((Scheduler)scheduler!).DrainAtHome(), this);
    }

    private void DrainAtHome()
    {
        var outer = _posted;
        _posted = this;
        try
        {
            Drain();
        }
        finally
        {
            _posted = outer;
        }
    }

    /// <summary>Runs what is ready while the turn is free, but not for long: calls that take turns, or wake each other, are ready again and again.</summary>
    /// <param name="publishesHere">
    /// Whether the code that waits for calls that end may run on this thread; else it runs on one of the pool, and the thread, which waits for its turn, is done
    /// when it has it.
    /// </param>
    private void Drain(bool publishesHere = true)
    {
        var start = Environment.TickCount64;
        while (!_ready.IsEmpty)
        {
            if (!_ready.HasUrgent && !IsAtHome)
            {
                ScheduleDrain();
                return;
            }

            if (!Turn.TryEnterFromOutside())
                return;
            if (!_ready.TryDequeue(out var next, onlyUrgent: !IsAtHome))
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

            if (next is TurnWork work)
            {
                work.Run();
                Turn.Leave();
                continue;
            }

            RunReady((Fiber)next, publishesHere);
            if (publishesHere && Environment.TickCount64 - start > MostHelp)
            {
                if (!_ready.IsEmpty)
                    ScheduleDrain();
                return;
            }
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
