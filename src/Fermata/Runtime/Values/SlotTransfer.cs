namespace Fermata.Runtime;

/// <summary>Moves values to and from slots, as <see cref="Runtime.SlotLayout"/> says.</summary>
internal static class SlotTransfer
{
    public static void Write(ulong[] numbers, object?[] references, ReadOnlySpan<Value> values)
    {
        var number = 0;
        var reference = 0;
        foreach (var value in values)
        {
            if (value.Type.IsRef)
            {
                references[reference++] = value.Reference;
                continue;
            }

            numbers[number++] = value.Bits;
            if (value.Type.Kind == ValKind.V128)
                numbers[number++] = value.HighBits;
        }
    }

    public static Value[] Read(ulong[] numbers, object?[] references, ValType[] types)
    {
        if (types.Length == 0)
            return [];
        var values = new Value[types.Length];
        Read(numbers, references, types, values);
        return values;
    }

    /// <param name="numbers">The slots of numbers.</param>
    /// <param name="references">The slots of references.</param>
    /// <param name="types">The types of the values.</param>
    /// <param name="values">Where they go: as many as there are types.</param>
    public static void Read(ulong[] numbers, object?[] references, ValType[] types, Span<Value> values)
    {
        var number = 0;
        var reference = 0;
        for (var i = 0; i < types.Length; i++)
        {
            var type = types[i];
            values[i] = type.Kind switch
            {
                ValKind.Ref => new Value(type, 0, 0, references[reference++]),
                ValKind.V128 => new Value(type, numbers[number++], numbers[number++], null),

                // The upper half of the slot of a 32-bit number is not written.
                ValKind.I32 or ValKind.F32 => new Value(type, (uint)numbers[number++], 0, null),
                _ => new Value(type, numbers[number++], 0, null),
            };
        }
    }
}
