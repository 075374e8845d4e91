using System.Reflection;
using System.Reflection.Emit;

namespace Fermata.Compilation;

/// <summary>Emits the code that saves a frame and takes its values back.</summary>
internal static class FrameEmission
{
    private static readonly MethodInfo BitsOfSingle = typeof(BitConverter).GetMethod(nameof(BitConverter.SingleToUInt32Bits))!;

    /// <summary>Has a frame appended, whose first word is on the stack behind context and instance, and keeps where its values go.</summary>
    /// <param name="il">Where to.</param>
    /// <param name="context">The context.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="place">Where its values go.</param>
    /// <param name="method">One of <see cref="ContextMembers.SaveFrame"/> and <see cref="ContextMembers.SaveFrameByCall"/>.</param>
    public static void EmitSaveFrame(ILGenerator il, LocalBuilder context, FrameNode frame, in FramePlace place, MethodInfo method)
    {
        il.Emit(OpCodes.Ldc_I4, frame.Numbers);
        il.Emit(OpCodes.Call, method);
        il.Emit(OpCodes.Stloc, place.Numbers);
        EmitSaveReferences(il, context, frame, in place);
    }

    /// <summary>Keeps the arguments of an import that suspends, which are those of the method that is emitted, on top of the frames to come.</summary>
    public static void EmitSaveArguments(ILGenerator il, LocalBuilder context, ValType[] parameters)
    {
        var arguments = FrameNode.NewRoot();
        for (var i = 0; i < parameters.Length; i++)
            arguments = arguments.Append(new Variable(parameters[i], null, i + 1));
        var place = FramePlace.Declare(il.DeclareLocal);
        il.Emit(OpCodes.Ldloc, context);
        il.Emit(OpCodes.Ldc_I4, arguments.Numbers);
        il.Emit(OpCodes.Ldc_I4, arguments.References);
        il.Emit(OpCodes.Call, ContextMembers.SaveArguments);
        il.Emit(OpCodes.Stloc, place.Numbers);
        EmitSaveReferences(il, context, arguments, in place);
        EmitSaveValues(il, arguments, in place);
    }

    /// <summary>Stores all values of a frame.</summary>
    public static void EmitSaveValues(ILGenerator il, FrameNode frame, in FramePlace place)
    {
        for (var node = frame; node.Parent is { } parent; node = parent)
            EmitSaveValue(il, node, in place);
    }

    /// <summary>Stores one value of a frame.</summary>
    public static void EmitSaveValue(ILGenerator il, FrameNode value, in FramePlace place)
    {
        var variable = value.Variable;
        il.Emit(OpCodes.Ldloc, variable.Type.IsRef ? place.References : place.Numbers);
        EmitOffset(il, value);
        variable.EmitLoad(il);
        if (variable.Type.IsRef)
            il.Emit(OpCodes.Stind_Ref);
        else
            EmitStoreNumber(il, variable.Type);
    }

    /// <summary>In a resume form, whose arguments lead to the numbers and references of the frame: puts a value back into its variable.</summary>
    public static void EmitRestoreValue(ILGenerator il, FrameNode value)
    {
        var variable = value.Variable;
        if (!variable.Type.IsRef)
        {
            il.Emit(OpCodes.Ldarg_2);
            EmitOffset(il, value);
            ClrTypes.EmitLoadIndirect(il, variable.Type);
            variable.EmitStore(il);
            return;
        }

        il.Emit(OpCodes.Ldarg_3);
        EmitOffset(il, value);
        il.Emit(OpCodes.Ldind_Ref);
        variable.EmitStore(il);
        il.Emit(OpCodes.Ldarg_3);
        EmitOffset(il, value);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Stind_Ref);
    }

    private static void EmitSaveReferences(ILGenerator il, LocalBuilder context, FrameNode frame, in FramePlace place)
    {
        if (frame.References == 0)
            return;
        il.Emit(OpCodes.Ldloc, context);
        il.Emit(OpCodes.Ldc_I4, frame.References);
        il.Emit(OpCodes.Call, ContextMembers.SaveReferences);
        il.Emit(OpCodes.Stloc, place.References);
    }

    /// <summary>Stores a value as one number, or a vector as two; address and value are on the stack.</summary>
    private static void EmitStoreNumber(ILGenerator il, ValType type)
    {
        if (type.Kind is not (ValKind.I32 or ValKind.F32))
        {
            ClrTypes.EmitStoreIndirect(il, type);
            return;
        }

        // All 64 bits, so that a frame is the same bytes whatever lay there before.
        if (type.Kind == ValKind.F32)
            il.Emit(OpCodes.Call, BitsOfSingle);
        il.Emit(OpCodes.Conv_U8);
        il.Emit(OpCodes.Stind_I8);
    }

    /// <summary>Moves the address of the first number or reference to a value.</summary>
    private static void EmitOffset(ILGenerator il, FrameNode value)
    {
        if (value.Place == 0)
            return;
        il.Emit(OpCodes.Ldc_I4, value.Place * (value.Variable.Type.IsRef ? IntPtr.Size : sizeof(ulong)));
        il.Emit(OpCodes.Add);
    }
}
