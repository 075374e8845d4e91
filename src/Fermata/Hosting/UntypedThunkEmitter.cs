using System.Reflection;
using System.Reflection.Emit;
using Fermata.Compilation;
using Fermata.Runtime;

namespace Fermata.Hosting;

/// <summary>Emits what WebAssembly calls instead of a delegate that takes and gives values: it moves them to and from slots.</summary>
internal static class UntypedThunkEmitter
{
    private static readonly FieldInfo Context = ContextMembers.Field(typeof(HostFunction), nameof(HostFunction.Context));
    private static readonly MethodInfo Run = ContextMembers.Method(typeof(UntypedCall), nameof(UntypedCall.Run));
    private static readonly MethodInfo Start = ContextMembers.Method(typeof(UntypedCall), nameof(UntypedCall.Start));

    /// <summary>The body of <c>R CallHost(object host, …)</c>.</summary>
    public static void EmitCall(ILGenerator il, FuncType type, bool isAsync)
    {
        var host = il.DeclareLocal(typeof(HostFunction));
        var context = il.DeclareLocal(typeof(StoreContext));
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Stloc, host);
        il.Emit(OpCodes.Ldloc, host);
        il.Emit(OpCodes.Ldfld, Context);
        il.Emit(OpCodes.Stloc, context);

        var arguments = new ValueSlots(il, type.ParameterArray);
        for (var i = 0; i < type.ParameterArray.Length; i++)
        {
            arguments.EmitAddress(context, i);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            arguments.EmitStore(i);
        }

        il.Emit(OpCodes.Ldloc, host);
        il.Emit(OpCodes.Call, isAsync ? Start : Run);

        if (isAsync)
        {
            var isComplete = il.DefineLabel();
            il.Emit(OpCodes.Brtrue, isComplete);
            if (type.ParameterArray.Length > 0)
                FrameEmission.EmitSaveArguments(il, context, type.ParameterArray);
            il.MarkLabel(isComplete);
        }

        // If the call was suspended or threw, whatever is there is not looked at.
        if (type.ResultArray.Length > 0)
            new ValueSlots(il, type.ResultArray).EmitLoad(context, 0);
        il.Emit(OpCodes.Ret);
    }
}
