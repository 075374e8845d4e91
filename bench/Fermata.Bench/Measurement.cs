using System.Text.Json.Serialization;

namespace Fermata.Bench;

/// <summary>What a process says about a round.</summary>
/// <param name="Value">The measured value, in the unit of the benchmark.</param>
/// <param name="Processor">The same in processor time of the process instead of time on the clock; where memory is measured, 0.</param>
/// <param name="Managed">Where memory is measured: the part of it that the garbage collector manages.</param>
/// <param name="Copied">Where C stacks are measured: the bytes of them that were copied for each suspension.</param>
internal sealed record Measurement(
    double Value,
    double Processor = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Managed = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Copied = null);
