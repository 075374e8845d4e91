using System.Reflection;
using System.Reflection.Emit;
using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>The code that calls a function with the arguments in the context's slots, and leaves the results there.</summary>
internal static class EntryEmission
{
    /// <summary>The body of <c>void Enter(Function, StoreContext)</c>.</summary>
    public static void Emit(ILGenerator il, FuncType type)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, ContextMembers.Environment);
        var parameters = type.ParameterArray;
        var slots = SlotLayout.Of(parameters);
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_1);
            ContextMembers.EmitSlotAddress(il, parameters[i], slots[i]);
            ClrTypes.EmitLoadIndirect(il, parameters[i]);
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, ContextMembers.Code);
        var result = ClrTypes.ResultOf(type);
        var end = il.DefineLabel();
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, result, [typeof(object), .. ClrTypes.ParametersOf(type)], null);
        if (result != typeof(void))
        {
            var local = il.DeclareLocal(result);
            il.Emit(OpCodes.Stloc, local);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldfld, ContextMembers.Suspension);
            il.Emit(OpCodes.Brtrue, end);
            il.Emit(OpCodes.Ldarg_1);
            ContextMembers.EmitSlotAddress(il, type.ResultArray[0], 0);
            il.Emit(OpCodes.Ldloc, local);
            ClrTypes.EmitStoreIndirect(il, type.ResultArray[0]);
        }

        il.MarkLabel(end);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>The body of what stands for the code of an <see cref="UnboundFunction"/>.</summary>
    public static void EmitBinding(ILGenerator il, FuncType type)
    {
        var function = il.DeclareLocal(typeof(Function));
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, ContextMembers.Method(typeof(UnboundFunction), nameof(UnboundFunction.Bind)));
        il.Emit(OpCodes.Stloc, function);
        il.Emit(OpCodes.Ldloc, function);
        il.Emit(OpCodes.Ldfld, ContextMembers.Environment);
        for (var i = 1; i <= type.ParameterArray.Length; i++)
            il.Emit(OpCodes.Ldarg, (short)i);
        il.Emit(OpCodes.Ldloc, function);
        il.Emit(OpCodes.Ldfld, ContextMembers.Code);
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, ClrTypes.ResultOf(type), [typeof(object), .. ClrTypes.ParametersOf(type)], null);
        il.Emit(OpCodes.Ret);
    }
}
