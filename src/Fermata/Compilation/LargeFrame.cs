using System.Reflection.Emit;
using Fermata.Runtime;
using Fermata.Validation;

namespace Fermata.Compilation;

/// <summary>A function whose native frame may be so large that the stack must be checked before it is entered.</summary>
/// <remarks>
/// A run form checks the stack when it already has its frame, in the reserve that <see cref="NativeStack"/> keeps. A frame that might not
/// fit there is checked by a small method that stands before the function.
/// </remarks>
internal readonly record struct LargeFrame(long Bytes)
{
    /// <summary>What a frame may be reckoned at and go without the method before it. It takes less: some hundred bytes in compiled C, two thirds in code that is written to take most, since each local that code names, and each vector, has two bytes of code.</summary>
    private const long Threshold = 64 * 1024;

    /// <summary>What a value may take of the frame: a vector does.</summary>
    private const long Place = 16;

    /// <summary>Where a function puts the arguments of the functions that it calls: one place for all calls.</summary>
    private const long Arguments = Place * ImplementationLimits.Parameters;

    /// <summary>The name of the method that stands before a function; it is in no trace. It is the only one in its class, by which code in other assemblies finds it.</summary>
    public static string GuardName(int function) => $"guard{function}";

    /// <summary>The frame of a function; null if it is small for certain.</summary>
    /// <param name="values">The values that it may keep at once (<see cref="CodeUnit.CountValues"/>).</param>
    /// <param name="listedValues">The values that it moves in lists (<see cref="BodyNotes.ListedValues"/>).</param>
    /// <param name="objectBytes">What objects may take of the frame (<see cref="StackObjects"/>).</param>
    public static LargeFrame? Of(long values, int listedValues, long objectBytes) =>
        BytesOf(values, listedValues, objectBytes) is > Threshold and var bytes ? new LargeFrame(bytes + Arguments) : null;

    /// <summary>How many values more a function may keep while its frame is small for certain.</summary>
    /// <inheritdoc cref="Of"/>
    public static long RoomOf(long values, int listedValues, long objectBytes) =>
        Math.Max(0, Threshold - BytesOf(values, listedValues, objectBytes)) / Place;

    private static long BytesOf(long values, int listedValues, long objectBytes) => (Place * (values + listedValues)) + objectBytes;

    /// <summary>Emits the method that stands before the function.</summary>
    /// <param name="il">Its code.</param>
    /// <param name="body">The method of the function.</param>
    /// <param name="type">The type of the function.</param>
    /// <param name="entry">The site at the entry of the function, where it waits for a larger stack; null if it does not.</param>
    public void EmitGuard(ILGenerator il, MethodBuilder body, FuncType type, SiteEmission? entry)
    {
        var isLow = il.DefineLabel();
        var enter = il.DefineLabel();

        // Subtracted from the address rather than added to the limit, which is the highest number there is while the code is interrupted.
        il.Emit(OpCodes.Ldloca, il.DeclareLocal(typeof(int)));
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldc_I8, Bytes);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, ContextMembers.Context);
        il.Emit(OpCodes.Ldfld, ContextMembers.StackLimit);
        il.Emit(OpCodes.Blt_Un, isLow);
        il.MarkLabel(enter);
        for (var i = 0; i <= type.ParameterArray.Length; i++)
            il.Emit(OpCodes.Ldarg, (short)i);
        il.Emit(OpCodes.Call, body);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(isLow);
        if (entry is { } site)
        {
            EmitSuspension(il, type, site);
            return;
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, ContextMembers.Context);
        il.Emit(OpCodes.Ldc_I8, Bytes);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Call, ContextMembers.RequireStack);
        il.Emit(OpCodes.Br, enter);
    }

    /// <summary>Saves the frame of the function, which has not begun. Its parameters are those of this method.</summary>
    private void EmitSuspension(ILGenerator il, FuncType type, SiteEmission site)
    {
        var context = il.DeclareLocal(typeof(StoreContext));
        var place = FramePlace.Declare(il.DeclareLocal);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, ContextMembers.Context);
        il.Emit(OpCodes.Stloc, context);
        il.Emit(OpCodes.Ldloc, context);
        il.Emit(OpCodes.Ldc_I8, Bytes);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Call, ContextMembers.CheckStack);
        il.Emit(OpCodes.Ldloc, context);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I8, (long)site.Header);
        FrameEmission.EmitSaveFrame(il, context, site.Frame, in place, ContextMembers.SaveFrameByCall);
        FrameEmission.EmitSaveValues(il, site.Frame, in place);
        if (type.ResultArray.Length > 0)
            ClrTypes.EmitDefault(il, ClrTypes.ResultOf(type));
        il.Emit(OpCodes.Ret);
    }
}
