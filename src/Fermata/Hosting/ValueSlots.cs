using System.Reflection;
using System.Reflection.Emit;
using Fermata.Compilation;
using Fermata.Runtime;

namespace Fermata.Hosting;

/// <summary>Emits the moving of .NET values of delegates to and from slots.</summary>
/// <param name="il">Where to.</param>
/// <param name="types">The WebAssembly types of the values.</param>
internal readonly struct ValueSlots(ILGenerator il, ValType[] types)
{
    private static readonly FieldInfo Numbers = ContextMembers.Field(typeof(SlotValues), nameof(SlotValues.Numbers));
    private static readonly FieldInfo References = ContextMembers.Field(typeof(SlotValues), nameof(SlotValues.References));

    private readonly int[] _slots = SlotLayout.Of(types);

    /// <summary>Pushes the address of a slot of the context in a local.</summary>
    public void EmitAddress(LocalBuilder context, int index)
    {
        il.Emit(OpCodes.Ldloc, context);
        ContextMembers.EmitSlotAddress(il, types[index], _slots[index]);
    }

    /// <summary>Pushes the address of a slot that is not yet in the context.</summary>
    public void EmitArgumentAddress(LocalBuilder slots, int index)
    {
        var isRef = types[index].IsRef;
        il.Emit(OpCodes.Ldloc, slots);
        il.Emit(OpCodes.Ldfld, isRef ? References : Numbers);
        il.Emit(OpCodes.Ldc_I4, _slots[index]);
        il.Emit(OpCodes.Ldelema, isRef ? typeof(object) : typeof(ulong));
    }

    /// <summary>Stores the value on the stack at the address below it.</summary>
    public void EmitStore(int index) => ClrTypes.EmitStoreIndirect(il, types[index]);

    /// <summary>Pushes the value of a slot of the context in a local.</summary>
    public void EmitLoad(LocalBuilder context, int index)
    {
        EmitAddress(context, index);
        ClrTypes.EmitLoadIndirect(il, types[index]);
    }
}
