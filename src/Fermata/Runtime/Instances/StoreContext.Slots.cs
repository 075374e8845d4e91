using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Fermata.Runtime;

/// <summary>
/// The slots in which values cross the border of generated code: entry arguments, the results of a call beyond the first, and all results of a resumed
/// call.
/// </summary>
/// <remarks>Numbers and references are counted apart; a v128 takes two numbers (see <see cref="SlotLayout"/>).</remarks>
internal sealed partial class StoreContext
{
    private const int FirstSlots = 16;

    /// <summary>The address of the first of the <see cref="Slots"/>, which are pinned: generated code needs no more than that.</summary>
    internal unsafe ulong* SlotAddress;

    internal object?[] ReferenceSlots;

    private bool _passesReferences;

    /// <summary>All slots.</summary>
    internal SlotValues Values { get; private set; }

    internal ulong[] Slots => Values.Numbers;

    /// <summary>Forgets the references in the slots, once a fiber has taken or left what was passed to it there.</summary>
    internal void ClearReferenceSlots()
    {
        if (_passesReferences)
            Array.Clear(ReferenceSlots);
    }

    /// <summary>Makes room for the values of a function type. Done when a module or a function comes into the store.</summary>
    internal void EnsureSlots(FuncType type)
    {
        // Set and never cleared: a function may be asked for by a thread that has not the turn, and must not undo what another one notes.
        if (Array.Exists(type.ParameterArray, item => item.IsRef) || Array.Exists(type.ResultArray, item => item.IsRef))
            _passesReferences = true;
        var count = 2 * Math.Max(type.ParameterArray.Length, type.ResultArray.Length);
        if (count > Slots.Length)
            ReserveSlots(count);
    }

    /// <summary>Makes room for so many of both, and keeps what there is.</summary>
    [MemberNotNull(nameof(Values), nameof(ReferenceSlots))]
    private unsafe void ReserveSlots(int count)
    {
        var before = Values;
        ReferenceSlots = new object?[count];
        Values = new SlotValues(GC.AllocateArray<ulong>(count, pinned: true), ReferenceSlots);
        SlotAddress = (ulong*)Unsafe.AsPointer(ref Slots[0]);
        before?.Load(this);
    }
}
