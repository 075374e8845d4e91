using Fermata.Execution;

namespace Fermata.Suspension;

/// <summary>Where the arguments of a promising call go: into the context if it may start now, else into arrays that wait with it.</summary>
internal readonly struct ArgumentSlots
{
    public readonly ulong[] Numbers;
    public readonly object?[] References;

    /// <summary>Whether the store's turn was taken.</summary>
    public readonly bool HasTurn;

    private ArgumentSlots(ulong[] numbers, object?[] references, bool hasTurn)
    {
        Numbers = numbers;
        References = references;
        HasTurn = hasTurn;
    }

    /// <summary>Takes the turn of the function's store if it is free.</summary>
    public static ArgumentSlots For(Function function)
    {
        var store = function.Store;
        if (store.Scheduler.Turn.TryEnter())
            return new ArgumentSlots(store.Context.Slots, store.Context.ReferenceSlots, hasTurn: true);
        var (numbers, references) = SlotLayout.Count(function.Type.ParameterArray);
        return new ArgumentSlots(new ulong[numbers], new object?[references], hasTurn: false);
    }
}
