namespace Fermata.Runtime;

/// <summary>Calls that stop in the middle of their code, for tests of the engine.</summary>
internal sealed partial class Scheduler
{
    private bool _pausesNext;

    /// <summary>Whether the next promising call that comes to the entry of a function or the head of a loop stops there; once. Set while no code of the store runs.</summary>
    public bool PausesNext
    {
        set
        {
            _pausesNext = value;
            if (value)
                Interrupt();
        }
    }

    /// <summary>Has calls go on that have stopped. No code of the store runs.</summary>
    public void EndPauses()
    {
        foreach (var fiber in Live().Where(fiber => fiber.Suspension is Pause).ToList())
            fiber.GoOn();
    }
}
