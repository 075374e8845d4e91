using System.Text.Json.Serialization;

namespace Fermata.Bench;

/// <summary>What a process says about a round.</summary>
/// <param name="Value">The measured value, in the unit of the benchmark.</param>
/// <param name="Managed">Where memory is measured: the part of it that the garbage collector manages.</param>
internal sealed record Measurement(
    double Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Managed = null);
