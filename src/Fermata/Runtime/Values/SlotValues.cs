namespace Fermata.Runtime;

/// <summary>Values in the order of slots: those of a context itself, or such as are to come into it later.</summary>
internal sealed class SlotValues
{
    public readonly ulong[] Numbers;
    public readonly object?[] References;

    public SlotValues(ulong[] numbers, object?[] references)
    {
        Numbers = numbers;
        References = references;
    }

    /// <summary>Where the arguments of a promising call go. The turn of the function's store is taken if it is free.</summary>
    /// <returns>The slots of the context if the turn was taken and the call may start, else others that wait with it.</returns>
    public static SlotValues ForArguments(Function function)
    {
        var store = function.Store;
        if (store.Scheduler.TryEnterToStart())
            return store.Context.Values;
        var (numbers, references) = SlotLayout.Count(function.Type.ParameterArray);
        return new SlotValues(new ulong[numbers], new object?[references]);
    }

    public SlotValues Copy() => new([.. Numbers], [.. References]);

    /// <summary>Puts the values into a context.</summary>
    public void Load(StoreContext context)
    {
        Numbers.CopyTo(context.Slots, 0);
        References.CopyTo(context.ReferenceSlots, 0);
    }
}
