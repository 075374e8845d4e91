using System.Reflection;
using System.Reflection.Emit;
using Fermata.Runtime;

namespace Fermata.Compilation;

/// <summary>Emits the code that saves a frame and takes its values back.</summary>
internal static class FrameEmission
{
    private static readonly MethodInfo BitsOfSingle = typeof(BitConverter).GetMethod(nameof(BitConverter.SingleToUInt32Bits))!;

    /// <summary>Has the frame of a site appended; context and instance are on the stack, and then the address of its first number is.</summary>
    public static void EmitSaveFrame(ILGenerator il, SiteEmission site)
    {
        EmitSite(il, site);
        il.Emit(OpCodes.Call, ContextMembers.SaveFrame);
    }

    /// <summary>Pushes what the methods that save a frame are told of its site.</summary>
    public static void EmitSite(ILGenerator il, SiteEmission site)
    {
        il.Emit(OpCodes.Ldc_I8, (long)site.Header);
        il.Emit(OpCodes.Ldc_I4, site.Info.NumberCount);
    }

    /// <summary>Keeps the arguments of an import that suspends, which are those of the method that is emitted, on top of the frames to come.</summary>
    public static void EmitSaveArguments(ILGenerator il, LocalBuilder context, ValType[] parameters)
    {
        var (numbers, references) = SlotLayout.Count(parameters);
        var place = il.DeclareLocal(typeof(ulong).MakeByRefType());
        il.Emit(OpCodes.Ldloc, context);
        il.Emit(OpCodes.Ldc_I4, numbers);
        il.Emit(OpCodes.Ldc_I4, references);
        il.Emit(OpCodes.Call, ContextMembers.SaveArguments);
        il.Emit(OpCodes.Stloc, place);
        EmitSaveValues(il, context, place, [.. parameters.Select((parameter, i) => new Variable(parameter, null, i + 1))]);
    }

    /// <summary>Stores the values that the frame keeps.</summary>
    public static void EmitSaveValues(ILGenerator il, LocalBuilder context, LocalBuilder frame, Variable[] live)
    {
        var number = 0;
        foreach (var variable in live)
        {
            if (variable.Type.IsRef)
            {
                il.Emit(OpCodes.Ldloc, context);
                variable.EmitLoad(il);
                il.Emit(OpCodes.Call, ContextMembers.SaveReference);
                continue;
            }

            il.Emit(OpCodes.Ldloc, frame);
            EmitOffset(il, ref number, variable.Type);
            variable.EmitLoad(il);
            EmitStoreNumber(il, variable.Type);
        }
    }

    /// <summary>In a resume form, whose arguments lead to the numbers and references of the frame: puts the values back into their variables.</summary>
    public static void EmitRestoreValues(ILGenerator il, Variable[] live)
    {
        var number = 0;
        var reference = 0;
        foreach (var variable in live)
        {
            if (variable.Type.IsRef)
            {
                EmitReferenceAddress(il, reference);
                il.Emit(OpCodes.Ldind_Ref);
                variable.EmitStore(il);
                EmitReferenceAddress(il, reference++);
                il.Emit(OpCodes.Ldnull);
                il.Emit(OpCodes.Stind_Ref);
                continue;
            }

            il.Emit(OpCodes.Ldarg_2);
            EmitOffset(il, ref number, variable.Type);
            ClrTypes.EmitLoadIndirect(il, variable.Type);
            variable.EmitStore(il);
        }
    }

    /// <summary>Stores a value as one number, or a vector as two; address and value are on the stack.</summary>
    public static void EmitStoreNumber(ILGenerator il, ValType type)
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

    /// <summary>Moves the address of the first number to the next one.</summary>
    public static void EmitOffset(ILGenerator il, ref int number, ValType type)
    {
        if (number > 0)
        {
            il.Emit(OpCodes.Ldc_I4, number * sizeof(ulong));
            il.Emit(OpCodes.Add);
        }

        number += SlotLayout.NumbersOf(type);
    }
    private static void EmitReferenceAddress(ILGenerator il, int reference)
    {
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Ldc_I4, reference * IntPtr.Size);
        il.Emit(OpCodes.Add);
    }
}
