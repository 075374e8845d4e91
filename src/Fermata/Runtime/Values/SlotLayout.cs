namespace Fermata.Runtime;

/// <summary>Where the values of a result type lie in slots: numbers and references counted apart, a v128 as two numbers.</summary>
internal static class SlotLayout
{
    /// <summary>How many numbers a value takes at most.</summary>
    public const int MostNumbers = 2;

    /// <summary>The slot of each value.</summary>
    public static int[] Of(ReadOnlySpan<ValType> types)
    {
        var slots = new int[types.Length];
        var numbers = 0;
        var references = 0;
        for (var i = 0; i < types.Length; i++)
            slots[i] = types[i].IsRef ? references++ : Advance(ref numbers, types[i]);
        return slots;
    }

    /// <summary>How many numbers and references the values take.</summary>
    public static (int Numbers, int References) Count(ReadOnlySpan<ValType> types)
    {
        var numbers = 0;
        var references = 0;
        foreach (var type in types)
        {
            if (type.IsRef)
                references++;
            else
                Advance(ref numbers, type);
        }

        return (numbers, references);
    }

    private static int Advance(ref int numbers, ValType type)
    {
        var slot = numbers;
        numbers += NumbersOf(type);
        return slot;
    }

    /// <summary>How many numbers a value that is no reference takes.</summary>
    public static int NumbersOf(ValType type) => type.Kind == ValKind.V128 ? 2 : 1;
}
