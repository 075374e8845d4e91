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
        var values = types.Length == 0 ? [] : new Value[types.Length];
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

        return values;
    }
}
