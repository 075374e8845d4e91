namespace Fermata.Bench;

/// <summary>What the figures of a row are, and so its ratios.</summary>
internal enum Measure
{
    /// <summary>Processor time of the process, all its threads together: for what one thread computes.</summary>
    Processor,

    /// <summary>Time on the clock: for what waits, and for what several threads share.</summary>
    Clock,

    /// <summary>Memory; there is no other measure of it.</summary>
    Memory,

    /// <summary>How much is done in a time on the clock: more is better.</summary>
    Rate,
}
