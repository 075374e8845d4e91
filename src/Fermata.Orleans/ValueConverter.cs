using Fermata.Durable;

namespace Fermata.Orleans;

/// <summary>A value on its way, as the database has it.</summary>
[GenerateSerializer]
[Immutable]
[Alias("Fermata.Value")]
internal struct ValueSurrogate
{
    [Id(0)]
    public byte[] Data;
}

/// <summary>Makes bytes of values: numbers and vectors.</summary>
[RegisterConverter]
internal sealed class ValueConverter : IConverter<Value, ValueSurrogate>
{
    public Value ConvertFromSurrogate(in ValueSurrogate surrogate) => ValueData.Decode(surrogate.Data)[0];

    public ValueSurrogate ConvertToSurrogate(in Value value) => new() { Data = ValueData.Encode([value]) };
}
