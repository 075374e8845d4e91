namespace Fermata.Bench;

/// <summary>What a process says about a round.</summary>
/// <param name="Value">The measured value, in the unit of the benchmark.</param>
/// <param name="Processor">The same in processor time of the process instead of time on the clock; null where the process does not know it.</param>
/// <param name="Checksum">What the work had as its result, the same in all engines; null where it is checked in the round.</param>
/// <param name="Managed">Where memory is measured: the part of it that the garbage collector manages.</param>
/// <param name="Copied">Where C stacks are measured: the bytes of them that were copied for each suspension.</param>
/// <param name="Peak">Where a start is measured: the most resident memory so far, in MB.</param>
internal sealed record Measurement(
    double Value,
    double? Processor = null,
    int? Checksum = null,
    double? Managed = null,
    double? Copied = null,
    double? Peak = null);
