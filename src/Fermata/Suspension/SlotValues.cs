using Fermata.Execution;

namespace Fermata.Suspension;

/// <summary>A copy of the first slots of a context.</summary>
internal sealed class SlotValues
{
    private readonly ulong[] _numbers;
    private readonly object?[] _references;

    public SlotValues(ReadOnlySpan<ulong> numbers, ReadOnlySpan<object?> references)
    {
        _numbers = numbers.ToArray();
        _references = references.ToArray();
    }

    public void Load(StoreContext context)
    {
        _numbers.CopyTo(context.Slots, 0);
        _references.CopyTo(context.ReferenceSlots, 0);
    }
}
